// OpenTelemetry's exporters of logs: UPTAKE_ENCODING is http for JSON, or proto.
import { diag, DiagLogLevel } from "@opentelemetry/api";
import { BatchLogRecordProcessor, LoggerProvider } from "@opentelemetry/sdk-logs";
import { plan, settle } from "./plan.mjs";

const failures = [];
const note = (...args) => failures.push(args.join(" "));
diag.setLogger({ error: note, warn: note, info() {}, debug() {}, verbose() {} }, DiagLogLevel.WARN);
const { OTLPLogExporter } = await import(`@opentelemetry/exporter-logs-otlp-${process.env.UPTAKE_ENCODING}`);
const exporter = new OTLPLogExporter({ url: `${plan.url}/v1/logs`, headers: { Authorization: `Bearer ${plan.token}` } });
const provider = new LoggerProvider({ processors: [new BatchLogRecordProcessor({ exporter })] });
const logger = provider.getLogger("wiki");
for (const use of plan.uses) {
  logger.emit({ eventName: use.name, timestamp: new Date(use.time), attributes: { "enduser.id": use.who, page: use.page, to: use.to } });
}
await provider.forceFlush();
await provider.shutdown();
settle(failures);
