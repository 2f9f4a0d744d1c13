import { GetBucketLifecycleConfigurationCommand, type LifecycleRule, type S3Client } from "@aws-sdk/client-s3";
import type { Expiration } from "../core/expiration.ts";
import { statusOf, storageError } from "./storage-error.ts";

/**
 * Reads by which rules S3 deletes the objects of a bucket; none if the role may not read them.
 * https://docs.aws.amazon.com/AmazonS3/latest/API/API_GetBucketLifecycleConfiguration.html
 * @throws STORAGE_FAILED
 */
export async function readExpirations(client: S3Client, bucket: string): Promise<readonly Expiration[]> {
  try {
    const { Rules = [] } = await client.send(new GetBucketLifecycleConfigurationCommand({ Bucket: bucket }));
    return Rules.flatMap(expirationOf);
  } catch (error) {
    // A bucket without rules, or a role that may not read them: then nothing explains a missing object.
    if (statusOf(error) === 404 || statusOf(error) === 403) return [];
    throw storageError(`GetBucketLifecycleConfiguration s3://${bucket}`, error);
  }
}

/** A rule that also filters by tags or sizes explains no missing object: nobody knows these any more. */
function expirationOf({ Status, Expiration: expiration, Filter = {}, Prefix }: LifecycleRule): Expiration[] {
  const { Prefix: prefix = Prefix ?? "", ...others } = Filter;
  const isFiltered = Object.values(others).some((value) => value !== undefined);
  if (Status !== "Enabled" || isFiltered) return [];
  if (expiration?.Days !== undefined) return [{ prefix, when: { days: expiration.Days } }];
  return expiration?.Date ? [{ prefix, when: { at: expiration.Date } }] : [];
}
