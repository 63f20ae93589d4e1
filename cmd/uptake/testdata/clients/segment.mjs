// Segment's client.
import { Analytics } from "@segment/analytics-node";
import { plan, settle } from "./plan.mjs";

const analytics = new Analytics({ writeKey: plan.token, host: plan.url, maxRetries: 3 });
const failures = [];
analytics.on("error", (e) => failures.push(e.reason ?? e));
for (const use of plan.uses) {
  analytics.track({ event: use.name, userId: use.who, messageId: use.id, timestamp: new Date(use.time), properties: { page: use.page, to: use.to } });
}
analytics.page({ name: "Home", userId: plan.uses[0].who, messageId: "page-1", timestamp: new Date(plan.uses[0].time) });
analytics.identify({ userId: "u-1", traits: { email: "ada@example.com" } });
analytics.group({ userId: "u-1", groupId: "sales", traits: { name: "Sales" } });
analytics.alias({ userId: "u-1", previousId: "old-1" });
await analytics.closeAndFlush({ timeout: 20_000 });
settle(failures);
