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
    first:
      "see what it is: npx nightshift verify --stack <name>. Then npx nightshift restore --dry-run --stack <name>.",
  },
];
