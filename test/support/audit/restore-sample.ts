import { ListObjectVersionsCommand } from "@aws-sdk/client-s3";
import type { Restoration, RestoreServices } from "../../../shared/audit/restore/restoration.ts";
import { type RestoreOptions, restoreArchive } from "../../../shared/audit/restore/restore-archive.ts";
import { createObjectVersions } from "../../../shared/aws/object-versions.ts";
import { audited } from "../../../shared/jobs/archive-calls/audit.ts";
import { account, type TestArchive } from "./archive-lab.ts";

/** Restores the sample with its state bucket, and removes what is unexpected, unless the options say otherwise. */
export async function restoreSample(
  lab: TestArchive,
  options: Partial<RestoreOptions & RestoreServices> = {},
): Promise<{ readonly restorations: readonly Restoration[]; readonly lines: readonly string[] }> {
  const restorations: Restoration[] = [];
  const services: RestoreServices = {
    archive: lab.archive,
    versions: createObjectVersions(lab.client, lab.bucketName),
    state: lab.services("restoration").state,
    now: lab.services("restoration").now,
    isDryRun: false,
    removesUnexpected: true,
    interrupted: new AbortController().signal,
    report: (restoration) => void restorations.push(restoration),
  };
  await restoreArchive({ ...services, ...options }, { account, aggregate: audited, ...options });
  return { restorations, lines: restorations.map(restorationLine).sort() };
}

function restorationLine({ result, finding: { code, key } }: Restoration): string {
  return `${result} ${code} ${key}`;
}

/** Every version and delete marker of the archive bucket. */
export async function versionsIn({
  client,
  bucketName,
}: Pick<TestArchive, "client" | "bucketName">): Promise<readonly unknown[]> {
  const { Versions = [], DeleteMarkers = [] } = await client.send(
    new ListObjectVersionsCommand({ Bucket: bucketName }),
  );
  return [...Versions, ...DeleteMarkers].map(({ Key, VersionId, IsLatest }) => [Key, VersionId, IsLatest]);
}
