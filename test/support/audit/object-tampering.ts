import { gzipSync } from "node:zlib";
import { archiveKeys } from "../../../shared/core/object-keys.ts";
import { account } from "./archive-lab.ts";
import { twins } from "./md5-twins.ts";
import { first, second, third } from "./sample-archive.ts";
import { altered, type Tamper } from "./tamper.ts";
import type { Tampering } from "./tampering.ts";

const mp3 = (day: string, id: string) => archiveKeys.recording(account, day, id, "mp3");
const calls = (day: string) => archiveKeys.calls(account, day);
const index = (day: string) => archiveKeys.csv(account, day);

/** What someone may do to the objects of the sample archive. */
export const objectTampering: readonly (Tampering<Tamper> & Required<Pick<Tampering<Tamper>, "from">>)[] = [
  {
    what: "one byte of a recording altered",
    by: async (tampering) => tampering.putPlainly(mp3(first, "11"), altered(await tampering.read(mp3(first, "11")))),
    from: "listing",
    findingLines: [`object-changed ${mp3(first, "11")}`],
  },
  {
    what: "one byte of a recording altered, with a SHA-256 to match",
    by: async (tampering) => tampering.put(mp3(first, "11"), altered(await tampering.read(mp3(first, "11")))),
    from: "listing",
    findingLines: [`object-changed ${mp3(first, "11")}`],
  },
  {
    what: "a recording replaced by one of the same length and ETag, as MD5 allows",
    by: (tampering) => tampering.put(mp3(first, "13"), twins[1]),
    from: "checksums",
    findingLines: [`object-changed ${mp3(first, "13")}`],
  },
  {
    what: "a recording removed",
    by: (tampering) => tampering.remove(mp3(second, "21")),
    from: "listing",
    findingLines: [`object-missing ${mp3(second, "21")}`],
  },
  {
    what: "a recording replaced by another one's bytes",
    by: async (tampering) => tampering.put(mp3(second, "21"), await tampering.read(mp3(first, "11"))),
    from: "listing",
    findingLines: [`object-changed ${mp3(second, "21")}`],
  },
  {
    what: "two recordings swapped",
    by: (tampering) => tampering.swap(mp3(second, "21"), mp3(third, "31")),
    from: "listing",
    findingLines: [`object-changed ${mp3(second, "21")}`, `object-changed ${mp3(third, "31")}`],
  },
  {
    what: "a recording altered that two days name",
    by: async (tampering) => tampering.put(mp3(first, "14"), altered(await tampering.read(mp3(first, "14")))),
    from: "listing",
    findingLines: [`object-changed ${mp3(first, "14")}`, `object-changed ${mp3(first, "14")}`],
  },
  {
    what: "a recording removed that two days name",
    by: (tampering) => tampering.remove(mp3(first, "14")),
    from: "listing",
    findingLines: [`object-missing ${mp3(first, "14")}`, `object-missing ${mp3(first, "14")}`],
  },
  {
    what: "a call taken out of a call log",
    by: (tampering) => tampering.put(calls(first), gzipSync('{"id":"c11"}\n')),
    from: "listing",
    findingLines: [`object-changed ${calls(first)}`],
  },
  {
    what: "a call log removed",
    by: (tampering) => tampering.remove(calls(third)),
    from: "listing",
    findingLines: [`object-missing ${calls(third)}`],
  },
  {
    what: "an index altered",
    by: async (tampering) => tampering.put(index(first), altered(await tampering.read(index(first)))),
    from: "listing",
    findingLines: [`object-changed ${index(first)}`],
  },
  {
    what: "an index removed",
    by: (tampering) => tampering.remove(index(second)),
    from: "listing",
    findingLines: [`object-missing ${index(second)}`],
  },
  {
    what: "a recording put into a closed day",
    by: (tampering) => tampering.put(mp3(first, "99"), "audio"),
    from: "listing",
    findingLines: [`object-unexpected ${mp3(first, "99")}`],
  },
  {
    what: "a call log put into a closed day beside the true one",
    by: (tampering) => tampering.put(`calls/account=7/date=${first}/more.jsonl.gz`, gzipSync("{}\n")),
    from: "listing",
    findingLines: [`object-unexpected calls/account=7/date=${first}/more.jsonl.gz`],
  },
  {
    what: "objects put under a day that was never archived, and under one that does not exist",
    by: (tampering) =>
      Promise.all([
        tampering.put(calls("2026-10-30"), gzipSync("{}\n")),
        tampering.put(mp3("2026-02-30", "99"), "audio"),
      ]),
    from: "listing",
    findingLines: [`object-unexpected ${calls("2026-10-30")}`, `object-unexpected ${mp3("2026-02-30", "99")}`],
  },
  {
    what: "objects put beside the days",
    by: (tampering) =>
      Promise.all([
        tampering.put("recordings/account=7/date=x", ""),
        tampering.put(`calls/account=7/date=${first}-x/calls`, ""),
      ]),
    from: "listing",
    findingLines: [
      `object-unexpected calls/account=7/date=${first}-x/calls`,
      "object-unexpected recordings/account=7/date=x",
    ],
  },
  {
    what: "a byte of a recording altered beneath S3",
    isLost: true,
    by: (tampering) => tampering.alterBeneath(mp3(first, "11")),
    from: "bytes",
    findingLines: [`object-corrupt ${mp3(first, "11")}`],
  },
  {
    what: "a byte of a call log altered beneath S3",
    isLost: true,
    by: (tampering) => tampering.alterBeneath(calls(first)),
    from: "bytes",
    findingLines: [`object-corrupt ${calls(first)}`],
  },
];
