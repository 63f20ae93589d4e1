// PostHog's client.
import { PostHog } from "posthog-node";
import { plan, settle } from "./plan.mjs";

const failures = [];
const client = new PostHog(plan.token, { host: plan.url, flushAt: 100, flushInterval: 0 });
client.on("error", (e) => failures.push(e));
for (const use of plan.uses) {
  client.capture({ event: use.name, distinctId: use.who, uuid: use.id, timestamp: new Date(use.time), properties: { page: use.page, to: use.to } });
}
client.identify({ distinctId: "u-1", properties: { email: "ada@example.com" } });
client.groupIdentify({ groupType: "unit", groupKey: "sales", properties: { name: "Sales" } });
client.alias({ distinctId: "u-1", alias: "old-1" });
await client.shutdown(20_000);
settle(failures);
