import { afterAll, afterEach, beforeAll } from "vitest";
import { copyObjectStore, type ObjectStore } from "../../../lab/aws/object-store.ts";
import { keyArn } from "../../../lab/aws/signing-keys.ts";
import { toBody } from "../../../shared/aws/bucket.ts";
import { createSigner, type Signer } from "../../../shared/aws/signer.ts";
import {
  type ArchiveLab,
  type ArchiveLabOptions,
  type Audio,
  archiveName,
  type ListedDay,
  openArchiveLab,
  ownKey,
  type TestArchive,
} from "./archive-lab.ts";
import { twins } from "./md5-twins.ts";
import { type ServedArchive, serveArchive } from "./served-archive.ts";
import { tamperWith } from "./tamper.ts";

export const [first, second, third, fourth] = ["2026-11-01", "2026-11-02", "2026-11-03", "2026-11-04"] as const;
export const begun = new Date("2026-11-03T03:30:00Z");
const afterThreeNights = new Date("2026-11-06T03:30:00Z");

const audio = (id: string, more: Partial<Audio> = {}): Audio => ({
  ...{ id, extension: "mp3", bytes: Buffer.from(`audio of ${id}`) },
  ...more,
});
const recording = (id: string) => ({ id, contentUri: `https://media.example.com/${id}/content`, type: "Automatic" });
const call = (day: string, id: string, more: object = {}) => ({
  ...{ id, sessionId: `session-${id}`, telephonySessionId: `s-${id}`, startTime: `${day}T10:00:00.000Z` },
  ...{ lastModifiedTime: `${day}T11:00:00.000Z`, direction: "Inbound", result: "Accepted", duration: 60 },
  from: { phoneNumber: "+16505550100", name: "Jane Doe" },
  to: { phoneNumber: "+442079460018", extensionNumber: "101", name: "Front Desk" },
  ...more,
});

/** Both days reference the call at midnight, which is stored in the first; two files of the third have the same MD5. */
export const listed: Readonly<Record<"first" | "second" | "third" | "fourth", ListedDay>> = {
  first: {
    day: first,
    records: [
      call(first, "c11", { recording: recording("11") }),
      call(first, "c12", { recording: recording("12") }),
      call(first, "c13", { legs: [{ recording: recording("13"), extension: { id: 6001 } }] }),
      call(first, "c14", { recording: recording("14") }),
    ],
    audio: [audio("11"), audio("12", { extension: "wav" }), audio("13", { bytes: twins[0] }), audio("14")],
  },
  second: {
    day: second,
    records: [
      call(second, "c21", { recording: recording("21") }),
      call(second, "c22", { recording: recording("14"), from: { phoneNumber: "+4922112345678" } }),
    ],
    audio: [audio("21"), audio("14", { owningDay: first })],
  },
  third: { day: third, records: [call(third, "c31", { recording: recording("31") })], audio: [audio("31")] },
  fourth: { day: fourth, records: [call(fourth, "c41", { recording: recording("41") })], audio: [] },
};

/** Lists the day once more, without fetching stored recordings. */
const again = (day: ListedDay): ListedDay => ({ ...day, audio: [] });

/** Nights of the sample archive. */
export type Nights = (lab: TestArchive, sign: Signer | undefined) => Promise<void>;

/**
 * The first two days closed by the second night, the third day by the third, the fourth open for a recording that is
 * pending.
 */
export const nightsOfCalls: Nights = async (lab, sign) => {
  await lab.night([listed.first, listed.second], { sign });
  await lab.night([again(listed.first), again(listed.second), listed.third], { sign });
  await lab.night([again(listed.third), listed.fourth], { sign });
};

/** Three nights, for one test file. */
export interface Sample<Lab> {
  /** One archive for all tests. Changes of a test in its bucket are undone afterwards. */
  readonly shared: () => Lab;
  /** A separate copy for the test, before its next night. */
  readonly open: () => Promise<Lab>;
}

export interface SampleOptions extends ArchiveLabOptions {
  /** @default those of the calls */
  readonly nights?: Nights;
}

/** The sample in this process. */
export function sampleArchive(options: SampleOptions = {}): Sample<ArchiveLab> {
  return sampleOf(options, openArchiveLab);
}

/** The sample over HTTP. */
export function servedSample(options: SampleOptions = {}): Sample<ServedArchive> {
  const labs: ServedArchive[] = [];
  afterAll(() => Promise.all(labs.map(({ stop }) => stop())));
  return sampleOf(options, async (now, labOptions) => {
    const lab = await serveArchive(now, labOptions);
    labs.push(lab);
    return lab;
  });
}

function sampleOf<Lab extends ArchiveLab>(
  { nights = nightsOfCalls, ...options }: SampleOptions,
  openLab: (now: Date, options: ArchiveLabOptions) => Promise<Lab>,
): Sample<Lab> {
  let lab: Lab | undefined;
  let written: ObjectStore;
  const contents = new Map<string, Buffer>();
  const shared = () => {
    if (lab) return lab;
    throw new Error("the sample is made before the first test");
  };
  const open = async () => openLab(afterThreeNights, { ...options, store: await copyObjectStore(written) });
  beforeAll(async () => {
    lab = await openLab(begun, options);
    await nights(lab, options.signed ? createSigner(lab.kms, keyArn(ownKey)) : undefined);
    for await (const { key } of lab.aws.objects(archiveName)) contents.set(key, await lab.aws.read(archiveName, key));
    written = await lab.aws.copyStore();
  });
  afterEach(() => putBack(shared(), contents));
  return { shared, open };
}

async function putBack(lab: ArchiveLab, contents: ReadonlyMap<string, Buffer>): Promise<void> {
  const { put, remove } = tamperWith(lab);
  const as = new Map<string, string | undefined>();
  for await (const { key, sha256 } of lab.aws.objects(archiveName)) {
    const bytes = await lab.aws.read(archiveName, key);
    as.set(key, toBody(bytes).sha256 === sha256 ? sha256 : undefined);
  }
  for (const key of as.keys()) if (!contents.has(key)) await remove(key);
  for (const [key, bytes] of contents) if (as.get(key) !== toBody(bytes).sha256) await put(key, bytes);
}
