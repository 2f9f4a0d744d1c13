import { RegionInfo } from "aws-cdk-lib/region-info";
import * as z from "zod/mini";
import { given, hiding, showing } from "../shared/core/given-value.ts";
import { didYouMean } from "../shared/core/nearest-name.ts";

const regions = RegionInfo.regions.map(({ name }) => name);

/** An AWS region that CDK knows. A newer region needs a newer `aws-cdk-lib`. */
export const RegionSetting = z.string(showing("expected an AWS region, such as us-east-1")).check(
  z.refine((name) => regions.includes(name), {
    error: ({ input }) =>
      `expected an AWS region, such as us-east-1${didYouMean(String(input), regions)}${given(input)}`,
  }),
);

const notAnArn = hiding("expected the ARN of a KMS key, not of an alias");

/** The ARN of a KMS key in an existing region, with the partition of that region. */
export const KeySetting = z.string(notAnArn).check(
  z.regex(/^arn:aws[a-z-]*:kms:[a-z0-9-]+:\d{12}:key\/[\w-]+$/, { ...notAnArn, abort: true }),
  z.refine((arn) => RegionInfo.get(regionOf(arn)).partition === arn.split(":")[1], {
    error: ({ input }) => {
      const region = regionOf(String(input));
      const { partition } = RegionInfo.get(region);
      if (!partition) return `names ${region}, which is not an AWS region${didYouMean(region, regions)}`;
      return `expected arn:${partition}:… of a key in ${region}`;
    },
  }),
);

function regionOf(arn: string): string {
  return arn.split(":")[3] ?? "";
}
