import { type Bucket, createBucket, toBody } from "../../shared/aws/bucket.ts";
import { createObjectVersions } from "../../shared/aws/object-versions.ts";
import { CallManifest } from "../../shared/core/calls/call-manifest.ts";
import { createDirectS3 } from "../aws/direct-clients.ts";
import type { Aws } from "../aws/server.ts";
import { archiveBucket } from "./cloud.ts";

/** What somebody does who may write to the archive bucket. Returns what was done, to which key. */
type Tamper = (lab: TamperedLab) => Promise<string>;

interface TamperedLab {
  readonly aws: Pick<Aws, "objects">;
  readonly archive: Bucket;
  readonly hide: (key: string) => Promise<void>;
}

/** By their names at the command line. */
const tampers = {
  remove: async ({ aws, hide }) => {
    const key = await firstKey(aws, "recordings/");
    await hide(key);
    return `Removed ${key}`;
  },
  replace: async ({ aws, archive }) => {
    const key = await firstKey(aws, "recordings/");
    await archive.put(key, toBody("another recording"), "audio/mpeg");
    return `Replaced ${key}`;
  },
  add: async ({ aws, archive }) => {
    const key = (await firstKey(aws, "recordings/")).replace(/[^/]+$/, "added.mp3");
    await archive.put(key, toBody("a recording of no call"), "audio/mpeg");
    return `Added ${key}`;
  },
  manifest: async ({ aws, archive }) => {
    const key = await firstKey(aws, "manifests/");
    const stored = await archive.get(key);
    const manifest = CallManifest.parse(JSON.parse(String(stored?.body ?? "{}")));
    const [, ...recordings] = manifest.recordings;
    await archive.put(key, toBody(`${JSON.stringify({ ...manifest, recordings })}\n`), "application/json");
    return `Took a recording out of ${key}`;
  },
} as const satisfies Readonly<Record<string, Tamper>>;

export const tamperKinds = Object.keys(tampers);

/** Tampers with a lab's archive. Returns lines: what was done, which command finds it, and which heals it. */
export async function tamperWithLab(aws: Pick<Aws, "objects" | "unsignedHandler">, kind: string): Promise<string[]> {
  const client = createDirectS3(aws.unsignedHandler);
  const { hide } = createObjectVersions(client, archiveBucket);
  const tamper = tampers[kind as keyof typeof tampers];
  const done = await tamper({ aws, archive: createBucket(client, archiveBucket), hide });
  const heal = kind === "add" ? " --remove-unexpected" : "";
  return [
    `${done}, as somebody may who can write to the bucket.`,
    "Find it: npm run lab -- nightshift verify --stack lab",
    `Heal it: npm run lab -- nightshift restore --stack lab${heal}`,
  ];
}

/** The first object that has not been replaced yet. */
async function firstKey(aws: Pick<Aws, "objects">, prefix: string): Promise<string> {
  let first: string | undefined;
  for await (const { key, versions } of aws.objects(archiveBucket)) {
    if (!key.startsWith(prefix)) continue;
    if (versions === 1 || prefix === "manifests/") return key;
    first ??= key;
  }
  if (first === undefined) throw new Error(`The lab has no object under ${prefix}: run npm start again.`);
  return first;
}
