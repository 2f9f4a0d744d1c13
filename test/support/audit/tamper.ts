import { createHash } from "node:crypto";
import { DeleteObjectCommand, GetObjectCommand, ListObjectVersionsCommand, PutObjectCommand } from "@aws-sdk/client-s3";
import { toBody } from "../../../shared/aws/bucket.ts";
import type { AnalyticsManifest } from "../../../shared/core/analytics/analytics-manifest.ts";
import type { Dataset } from "../../../shared/core/analytics/analytics-query.ts";
import type { CallManifest } from "../../../shared/core/calls/call-manifest.ts";
import type { AggregateName } from "../../../shared/core/day-aggregate.ts";
import type { DayManifest } from "../../../shared/core/day-manifest.ts";
import type { LedgerEntry } from "../../../shared/core/ledger.ts";
import { aggregateKeys } from "../../../shared/core/object-keys.ts";
import type { ObjectRef } from "../../../shared/core/object-ref.ts";
import type { Day } from "../../../shared/core/time/days.ts";
import { account, type TestArchive } from "./archive-lab.ts";

/** An attacker who may write to the archive bucket, and knows its format. */
export type Tamper = ReturnType<typeof tamperWith>;
export type AnalyticsTamper = ReturnType<typeof tamperWithAnalytics>;

/** Where an archive is stored. */
type Place = Pick<TestArchive, "client" | "bucketName" | "alterBeneath">;

/** Tampers with calls and recordings. */
export function tamperWith(lab: Place) {
  const tamper = tamperWithAggregate<CallManifest>(lab, "calls");
  return {
    ...tamper,
    /** Replaces a stored recording, and makes the manifest as if it had always been so. */
    forgeRecording: (day: Day, id: string, audio: string): Promise<Entered> =>
      tamper.forgeObject(day, audio, ({ recordings, ...manifest }, forged) => ({
        ...manifest,
        recordings: recordings.map(({ object, ...entry }) => ({
          ...entry,
          object: object && entry.id === id ? { ...object, ...forged(object) } : object,
        })),
      })),
  };
}

/** Tampers with analytics. */
export function tamperWithAnalytics(lab: Place) {
  const tamper = tamperWithAggregate<AnalyticsManifest>(lab, "analytics");
  return {
    ...tamper,
    /** Replaces stored responses, and makes the manifest as if they had always been so. */
    forgeResponses: (day: Day, { group, interval }: Dataset, body: Buffer): Promise<Entered> =>
      tamper.forgeObject(day, body, ({ datasets, ...manifest }, forged) => ({
        ...manifest,
        datasets: datasets.map(({ object, ...entry }) => ({
          ...entry,
          object: object && entry.group === group && entry.interval === interval ? forged(object) : object,
        })),
      })),
  };
}

function tamperWithAggregate<M extends DayManifest>(
  { client, bucketName, alterBeneath }: Place,
  aggregate: AggregateName,
) {
  const keys = aggregateKeys[aggregate];
  const at = (Key: string) => ({ Bucket: bucketName, Key });
  const read = async (key: string, VersionId?: string): Promise<Buffer> => {
    const { Body } = await client.send(new GetObjectCommand({ ...at(key), VersionId }));
    return Buffer.from((await Body?.transformToByteArray()) ?? []);
  };
  /** Writes with S3's SHA-256, as Nightshift does. */
  const put = async (key: string, content: Buffer | string) => {
    const { open, sha256: ChecksumSHA256 } = toBody(content);
    await client.send(new PutObjectCommand({ ...at(key), Body: open(), ChecksumSHA256 }));
  };
  const json = async <T>(key: string): Promise<T> => JSON.parse((await read(key)).toString()) as T;
  return {
    read,
    put,
    /** Writes without S3's SHA-256, as most tools do. */
    putPlainly: (key: string, Body: Buffer | string) => client.send(new PutObjectCommand({ ...at(key), Body })),
    remove: (key: string) => client.send(new DeleteObjectCommand(at(key))),
    swap: async (one: string, other: string) => {
      const [a, b] = await Promise.all([read(one), read(other)]);
      await put(one, b);
      await put(other, a);
    },
    /** Restores the revision before a manifest's newest. */
    restore: async (key: string) => {
      const isBefore = (newest: M) => (bytes: Buffer) => {
        const { day, revision } = JSON.parse(bytes.toString()) as M;
        return day === newest.day && revision === newest.revision - 1;
      };
      const newest = await json<M>(key);
      const { Versions = [] } = await client.send(new ListObjectVersionsCommand({ Bucket: bucketName, Prefix: key }));
      const own = Versions.filter(({ Key }) => Key === key);
      const versions = await Promise.all(own.map(({ VersionId }) => read(key, VersionId)));
      await put(key, versions.find(isBefore(newest)) ?? "");
    },
    /** Changes a byte beneath S3, like a failing disk. */
    alterBeneath: (key: string) => alterBeneath(key, altered),
    manifest: (day: Day) => json<M>(keys.manifest(account, day)),
    /** Changes only a manifest. */
    editManifest: async (day: Day, change: (manifest: M) => M) => {
      const key = keys.manifest(account, day);
      await put(key, textOf(change(await json<M>(key))));
    },
    /** Changes a manifest by a new revision, as a run would. Returns the SHA-256 of its bytes. */
    reviseManifest: async (day: Day, change: (manifest: M) => M): Promise<Entered> => {
      const key = keys.manifest(account, day);
      const before = await read(key);
      const { revision, ...manifest } = change(JSON.parse(before.toString()) as M);
      const next = { ...manifest, revision: revision + 1, previousSha256: toBody(before).sha256 };
      const body = toBody(textOf(next));
      await put(key, textOf(next));
      return { day, revision: next.revision, bytes: body.bytes, sha256: body.sha256 };
    },
    /** Replaces an object, and has `change` adapt the manifest's reference. */
    forgeObject: async (
      day: Day,
      content: Buffer | string,
      change: (manifest: M, forged: (object: ObjectRef) => ObjectRef) => M,
    ): Promise<Entered> => {
      const { bytes, sha256 } = toBody(content);
      const etag = `"${createHash("md5").update(content).digest("hex")}"`;
      const places: string[] = [];
      const forged = ({ key }: ObjectRef) => {
        places.push(key);
        return { key, bytes, sha256, etag };
      };
      const manifest = change(await json<M>(keys.manifest(account, day)), forged);
      const text = textOf(manifest);
      for (const place of places) await put(place, content);
      await put(keys.manifest(account, day), text);
      return { day, revision: manifest.revision, bytes: Buffer.byteLength(text), sha256: toBody(text).sha256 };
    },
    entry: (number: number) => json<LedgerEntry>(keys.ledgerEntry(account, number)),
    /** Writes an entry with the hash of the previous one. */
    forge: async ({ number, ...entry }: LedgerEntry) => {
      const before = number > 1 ? await read(keys.ledgerEntry(account, number - 1)) : undefined;
      const forged = { ...entry, number, previousSha256: before && toBody(before).sha256 };
      await put(keys.ledgerEntry(account, number), `${JSON.stringify(forged)}\n`);
    },
  };
}

type Entered = LedgerEntry["manifests"][number];

/** Returns bytes of the same length with one byte changed. */
export function altered(bytes: Buffer): Buffer {
  const copy = Buffer.from(bytes);
  const middle = Math.floor(copy.length / 2);
  copy[middle] = (copy[middle] ?? 0) ^ 1;
  return copy;
}

function textOf(manifest: object): string {
  return `${JSON.stringify(manifest, null, 1)}\n`;
}
