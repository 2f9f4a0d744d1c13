import * as z from "zod/mini";
import { Env } from "../../contract.ts";
import { jobSetting, secondsOfHours, wholeNumber } from "../../core/job-setting.ts";

const hours = wholeNumber(1, 168, "expected whole hours, 1 to 168");

/** Setting `settling`: when a day's listings settle. */
export const settlingSetting = jobSetting(
  z.strictObject({ listingGapHours: z.optional(hours), settleAfterHours: z.optional(hours) }),
  ({ listingGapHours, settleAfterHours }) => ({
    [Env.listingGap]: secondsOfHours(listingGapHours),
    [Env.settleAfter]: secondsOfHours(settleAfterHours),
  }),
);
