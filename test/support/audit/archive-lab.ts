import { KMSClient } from "@aws-sdk/client-kms";
import { S3Client, type S3ClientConfig } from "@aws-sdk/client-s3";
import { createDirectS3 } from "../../../lab/aws/direct-clients.ts";
import { createObjectStore, type ObjectStore } from "../../../lab/aws/object-store.ts";
import type { SdkHandler } from "../../../lab/aws/sdk-handler.ts";
import { type AwsInProcess, type AwsLab, type AwsOptions, openAws } from "../../../lab/aws/server.ts";
import { createClock, type LabClock } from "../../../lab/clock.ts";
import { createBucket, toBody } from "../../../shared/aws/bucket.ts";
import { readAsStored } from "../../../shared/aws/s3-checksums.ts";
import { callAggregate } from "../../../shared/core/calls/call-aggregate.ts";
import type { CallDayEvent } from "../../../shared/core/calls/call-manifest.ts";
import { parseCallRecord } from "../../../shared/core/calls/call-record.ts";
import { mergeRecords } from "../../../shared/core/calls/merge-records.ts";
import { archiveKeys } from "../../../shared/core/object-keys.ts";
import type { Day } from "../../../shared/core/time/days.ts";
import { closeCallDays } from "../../../shared/jobs/archive-calls/close-call-days.ts";
import { mergeIntoDayFile } from "../../../shared/jobs/archive-calls/day-file.ts";
import type { DaysToArchive } from "../../../shared/jobs/archive-calls/find-days-to-archive.ts";
import { incompleteCallDays } from "../../../shared/jobs/archive-calls/incomplete-call-days.ts";
import { dayFileIntents } from "../../../shared/jobs/archive-calls/list-days.ts";
import type { ArchiveServices } from "../../../shared/jobs/archive-calls/services.ts";
import { rules } from "../core/day-events.ts";
import { workOff } from "../runtime/work-off.ts";
import { account, addToLedger, withDayStore } from "../storage/archive-world.ts";

export { account } from "../storage/archive-world.ts";
export const archiveName = "archive";

/** RingCentral's data of a day on some night. */
export interface ListedDay {
  readonly day: Day;
  readonly records: readonly object[];
  readonly audio: readonly Audio[];
}

export interface Audio {
  readonly id: string;
  readonly bytes: Buffer;
  readonly extension: "mp3" | "wav";
  /** Day in whose folder it is stored. @default the referencing day */
  readonly owningDay?: Day;
}

/** An archive in some S3, and nights as the product makes them. */
export interface TestArchive {
  /** The archive's bucket. */
  readonly bucketName: string;
  readonly client: S3Client;
  readonly archive: ArchiveServices["archive"];
  readonly services: (run: string, others?: Partial<ArchiveServices>) => ArchiveServices;
  /** Does what a run does after listing: merges, stores, closes complete days and writes the ledger. Then a day passes. */
  readonly night: (days: readonly ListedDay[], others?: Partial<ArchiveServices>) => Promise<void>;
  readonly dayPasses: () => void;
  /** Changes the bytes of an object beneath S3, like a failing disk. */
  readonly alterBeneath: (key: string, change: (bytes: Buffer) => Buffer) => Promise<void>;
}

/** AWS in this process with the two buckets. */
export interface ArchiveLab extends TestArchive {
  readonly aws: AwsLab;
  readonly kms: KMSClient;
}

const dayMs = 24 * 3_600_000;

/** Names of the keys in the lab's KMS. */
export const [ownKey, otherKey] = ["ledger", "another"] as const;

export interface ArchiveLabOptions {
  /** Creates keys only for a test that signs, because that takes long. @default false */
  readonly signed?: boolean;
  /** Encrypts the archive bucket with a KMS key. @default false */
  readonly kms?: boolean;
  /** A copy of another lab's buckets. @default empty ones */
  readonly store?: ObjectStore;
}

export async function openArchiveLab(now: Date, options: ArchiveLabOptions = {}): Promise<ArchiveLab> {
  const clock = createClock(now);
  const aws = await openAws({ ...awsOptions(options), clock });
  return archiveLabOver(aws, clock, unsignedSdk(aws.unsignedHandler));
}

/** AWS as an archive needs it. */
export function awsOptions({
  signed = false,
  kms = false,
  store = createObjectStore(),
}: ArchiveLabOptions): AwsOptions {
  const buckets = { [archiveName]: { versioned: true, kms }, state: {}, derived: {} };
  return { store, buckets, signingKeys: signed ? [ownKey, otherKey] : [], checkSkew: false };
}

/** The archive that is in some AWS of the lab. */
export function archiveLabOver<A extends AwsLab & Pick<AwsInProcess, "unsignedHandler">>(
  aws: A,
  clock: LabClock,
  sdk: Pick<S3ClientConfig, "endpoint" | "region" | "credentials">,
): ArchiveLab & { readonly aws: A } {
  const kms = new KMSClient({ ...sdk, maxAttempts: 1 });
  const client = new S3Client({ ...sdk, ...readAsStored });
  const inProcess = createDirectS3(aws.unsignedHandler);
  const [archive, state] = [createBucket(inProcess, archiveName), createBucket(inProcess, "state")];
  const alterBeneath: TestArchive["alterBeneath"] = (key, change) => aws.alterBytes(archiveName, key, change);
  const nights = nightsOver({ archive, state, clock });
  return { bucketName: archiveName, aws, client, kms, archive, alterBeneath, ...nights };
}

/**
 * What the configuration of every client of the lab names. The SDK's own correction would repeat every request that fails at a
 * server with another clock.
 */
export const lab = {
  region: "us-east-1",
  credentials: { accessKeyId: "lab", secretAccessKey: "lab" },
  disableClockSkewCorrection: true,
};

/** Configuration of the SDK's clients without a socket. */
export function unsignedSdk(requestHandler: SdkHandler) {
  const sign = async <T extends { readonly headers: object }>(request: T): Promise<T> => ({
    ...request,
    headers: { ...request.headers, "x-amz-content-sha256": "UNSIGNED-PAYLOAD" },
  });
  return { ...lab, endpoint: "http://127.0.0.1", requestHandler, signer: { sign } };
}

/** Nights over two buckets. */
export function nightsOver({
  archive,
  state,
  clock,
}: Pick<ArchiveServices, "archive" | "state"> & { readonly clock: LabClock }): Pick<
  TestArchive,
  "services" | "night" | "dayPasses"
> {
  const services = (run: string, others: Partial<ArchiveServices> = {}) => {
    const those: Partial<ArchiveServices> = {
      ...{ archive, state, rules, aggregate: callAggregate(rules), timeZone: "UTC", sign: undefined },
      log: { info: () => {}, warn: () => {}, error: () => {} },
      metrics: { add: () => {}, set: () => {}, publish: () => {} },
      now: () => new Date(clock.now()),
      run: { name: run, manual: false },
      ...others,
    };
    return withDayStore(those as ArchiveServices);
  };
  const dayPasses = () => void clock.advance(dayMs);
  const night = async (days: readonly ListedDay[], others: Partial<ArchiveServices> = {}) => {
    const s = services(`night of ${new Date(clock.now()).toISOString()}`, others);
    for (const day of days) await archiveDay(s, day);
    await closeListed(
      s,
      days.map(({ day }) => day),
    );
    await addToLedger(s);
    dayPasses();
  };
  return { services, night, dayPasses };
}

/** Lists a day into its file, stores its recordings, and writes its events. */
export async function archiveDay(s: ArchiveServices, { day, records, audio }: ListedDay): Promise<void> {
  const listed = async function* () {
    yield* mergeRecords([], records.map(parseCallRecord));
  };
  const at = s.now().toISOString();
  const { file, facts } = await mergeIntoDayFile(s.archive, archiveKeys.calls(account, day), {
    parts: [listed],
    intents: dayFileIntents(s, account, day),
  });
  const events: CallDayEvent[] = [
    {
      ...{ type: "listed", calls: file, counts: facts.counts },
      listing: { run: s.run.name, at, ...facts.listing },
      recordings: facts.references.map(({ automatic, ...recording }) => recording),
    },
  ];
  for (const { id, bytes, extension, owningDay = day } of audio) {
    const key = archiveKeys.recording(account, owningDay, id, extension);
    const contentType = extension === "mp3" ? "audio/mpeg" : "audio/wav";
    const body = toBody(bytes);
    const etag = (await s.archive.create(key, body, contentType)) ?? (await s.archive.head(key))?.etag ?? "";
    const object = { key, bytes: body.bytes, sha256: body.sha256, etag, contentType };
    events.push({ type: "stored", id, object });
  }
  await s.dayStore(account).append(day, "listing", events);
}

async function closeListed(s: ArchiveServices, open: readonly Day[]): Promise<void> {
  const toClose: Pick<DaysToArchive, "account" | "days"> = { account, days: open };
  const cursors = await workOff(closeCallDays(s, toClose as DaysToArchive));
  const incomplete = incompleteCallDays([cursors.at(-1)?.tally]);
  if (incomplete) throw incomplete;
}
