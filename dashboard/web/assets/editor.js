// Comfort only: without this file a draft is saved first and its effect is shown then. With it, the effect on the headline
// figures is shown while somebody types.
(function () {
  "use strict";
  var form = document.getElementById("editor"), effect = document.getElementById("effect");
  if (!form || !effect || !window.fetch) { return; }
  var waiting = 0, asked = 0;
  form.addEventListener("input", function () {
    clearTimeout(waiting);
    waiting = setTimeout(function () {
      var turn = ++asked;
      fetch("/value/assumptions/effect", { method: "POST", body: new URLSearchParams(new FormData(form)), credentials: "same-origin" })
        .then(function (answer) { return answer.ok ? answer.text() : Promise.reject(answer.status); })
        .then(function (html) { if (turn === asked) { effect.innerHTML = html; effect.dataset.turn = turn; } })
        .catch(function () { /* the page says what it said before; saving tells what is wrong */ });
    }, 250);
  });
})();
