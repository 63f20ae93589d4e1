// What the test asks a client to send, and how a client tells that it could not.

// plan is {url, token, uses: [{name, id, who, time, page, to}]}.
export const plan = JSON.parse(process.env.UPTAKE_PLAN);

// settle ends the process with what failed.
export function settle(failures) {
  for (const failure of failures) console.error(failure);
  process.exit(failures.length > 0 ? 1 : 0);
}
