// RudderStack's client.
import RudderAnalytics from "@rudderstack/rudder-sdk-node";
import { plan, settle } from "./plan.mjs";

const failures = [];
const Client = RudderAnalytics.default ?? RudderAnalytics;
const client = new Client(plan.token, { dataPlaneUrl: plan.url, flushAt: 100, logLevel: "error" });
const sent = (error) => { if (error) failures.push(error); };
for (const use of plan.uses) {
  client.track({ event: use.name, userId: use.who, messageId: use.id, originalTimestamp: new Date(use.time), timestamp: new Date(use.time), properties: { page: use.page, to: use.to } }, sent);
}
client.identify({ userId: "u-1", traits: { email: "ada@example.com" } }, sent);
client.group({ userId: "u-1", groupId: "sales", traits: { name: "Sales" } }, sent);
await client.flush();
settle(failures);
