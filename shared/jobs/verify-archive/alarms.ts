import type { JobAlarm } from "../../job-deployment.ts";
import { VerifyMetric } from "./metrics.ts";

export const verifyAlarms: readonly JobAlarm[] = [
  {
    name: "archive-altered",
    urgency: "actNow",
    metric: VerifyMetric.findings,
    min: 1,
    meaning: "Something in the archive was changed, lost or added, and not by a run.",
    lines: '{ $.message = "archive altered" }',
    first: "see what restore would do: `npx nightshift restore --dry-run --stack <name>`. Do not delete anything.",
  },
];
