import { describe } from "vitest";
import { audited } from "../../shared/jobs/collect-analytics/audit.ts";
import { nightsOfAnalytics } from "../support/audit/analytics-nights.ts";
import { analyticsTampering } from "../support/audit/analytics-tampering.ts";
import { testRestorationOf } from "../support/audit/restoration-of.ts";
import { sampleArchive } from "../support/audit/sample-archive.ts";
import { tamperWithAnalytics } from "../support/audit/tamper.ts";

const { open } = sampleArchive({ nights: nightsOfAnalytics });

describe("a restoration of analytics", () => {
  testRestorationOf(analyticsTampering, open, { tamperWith: tamperWithAnalytics, aggregate: audited });
});
