import { anyText, type Check, type Options, type TextOption } from "./options.ts";

/**
 * Names of buckets, and ARNs of access points.
 * https://docs.aws.amazon.com/AmazonS3/latest/userguide/bucketnamingrules.html
 */
const bucketPattern = /^(?:s3:\/\/)?([a-z0-9][a-z0-9.-]{1,61}[a-z0-9]|arn:[^/]+(?:\/[^/]+)?)\/?$/;

/** Where objects are: in a bucket or in a folder. */
type Place = { readonly bucket: string } | { readonly folder: string };

/** Parses a place: with a slash, or a dot at its beginning, it is a folder, unless it begins with `s3:` or `arn:`. */
export function parsePlace(text: string): Place | undefined {
  const isFolder = !/^(?:s3|arn):/.test(text) && /^\.|[/\\]/.test(text);
  if (isFolder) return { folder: text };
  const [, bucket] = bucketPattern.exec(text) ?? [];
  return bucket === undefined ? undefined : { bucket };
}

/** Check of an option that names a place. */
export const place: Check = (text) =>
  parsePlace(text) ? undefined : "expected a bucket's name, s3://<bucket>, or a folder such as ./copy";

const stackName: Check = (name) => (/^[A-Za-z][A-Za-z0-9-]*$/.test(name) ? undefined : "expected the name of a stack");

/** Which archive a command looks at: options of every command. */
export const targetTexts = {
  stack: { value: "name", help: "archive of this stack, by the name of its settings file", check: stackName },
  bucket: {
    value: "archive",
    help: "or the archive itself: a bucket, s3://…, or a folder such as ./copy",
    check: place,
  },
  account: { value: "id", help: "RingCentral's id of the account, if the bucket holds several", check: anyText },
} as const satisfies Readonly<Record<string, TextOption>>;

export type TargetOptions = Options<keyof typeof targetTexts, never>;

/** Returns the errors of a target: it is either a stack or a place. */
export function targetErrors({ stack, bucket }: TargetOptions): string[] {
  if (stack === undefined && bucket === undefined) return ["--stack or --bucket is missing"];
  return stack !== undefined && bucket !== undefined ? ["--stack and --bucket cannot be combined"] : [];
}
