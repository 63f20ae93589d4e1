// Comfort only: every figure can be read without this file. It shows what a chart says where the pointer or the
// keyboard is, and applies a filter as soon as it is chosen.
(function () {
  "use strict";
  var tip = null;
  function show(text, x, y) {
    if (!tip) {
      tip = document.createElement("div");
      tip.className = "tip";
      tip.setAttribute("role", "status");
      document.body.appendChild(tip);
    }
    tip.textContent = text;
    tip.hidden = false;
    var box = tip.getBoundingClientRect();
    tip.style.left = Math.max(8, Math.min(x - box.width / 2, innerWidth - box.width - 8)) + "px";
    tip.style.top = (y - box.height - 14 < 8 ? y + 18 : y - box.height - 14) + "px";
  }
  function hide() { if (tip) { tip.hidden = true; } }

  document.querySelectorAll(".c-hit").forEach(function (area) {
    var title = area.querySelector("title");
    if (!title) { return; }
    area.dataset.tip = title.textContent;
    title.remove(); // or the browser would show its own beside ours
  });
  document.addEventListener("pointermove", function (e) {
    var area = e.target.closest ? e.target.closest("[data-tip]") : null;
    if (area) { show(area.dataset.tip, e.clientX, e.clientY); } else { hide(); }
  }, { passive: true });
  document.addEventListener("keydown", function (e) { if (e.key === "Escape") { hide(); } });
  addEventListener("scroll", hide, { passive: true });

  var menus = document.querySelectorAll("details.menu");
  function close(except) { menus.forEach(function (m) { if (!except || !m.contains(except)) { m.open = false; } }); }
  document.addEventListener("click", function (e) { close(e.target); });
  document.addEventListener("keydown", function (e) {
    if (e.key !== "Escape") { return; }
    menus.forEach(function (m) { if (m.open) { m.open = false; m.querySelector("summary").focus(); } });
  });

  document.querySelectorAll("form.filters").forEach(function (form) {
    form.addEventListener("change", function (e) {
      if (e.target.matches("select")) { form.requestSubmit(); }
    });
  });
})();
