import * as z from "zod/mini";
import { depths } from "./depth.ts";
import { Count, DateField, Instant } from "./fields.ts";
import { findingSigns } from "./finding.ts";

/** A report keeps at most so many findings; `findingCount` counts all. */
export const maxReportedFindings = 1_000;

const Head = z.object({ number: Count, sha256: z.string() });
const Subset = z.object({ part: Count, of: Count });

const ReportedFinding = z.object({
  code: z.enum(Object.keys(findingSigns) as [keyof typeof findingSigns]),
  /** Absent: the archive bucket. */
  bucket: z.optional(z.enum(["archive", "state", "derived"])),
  key: z.string(),
  detail: z.string(),
});

/** What was checked of one aggregate. */
const ReportedAggregate = z.object({
  aggregate: z.string(),
  /** Schema of its manifests. */
  schema: z.string(),
  entries: Count,
  /** The newest entry of its ledger. */
  head: z.optional(Head),
  /** The entry that had to exist, as the operator had noted it. */
  anchor: z.optional(Head),
  signedUpTo: Count,
  /** The first entry that had to be signed; absent: signatures were not checked. */
  signedFrom: z.optional(Count),
  firstDay: z.optional(DateField),
  lastDay: z.optional(DateField),
  days: Count,
  closed: Count,
  objects: Count,
  bytes: Count,
  objectsRead: Count,
  bytesRead: Count,
  offline: Count,
  expired: Count,
  notYetInManifest: Count,
  notChecked: Count,
  findings: Count,
});
export type ReportedAggregate = z.infer<typeof ReportedAggregate>;

/** What was checked of the objects in the derived bucket. */
const ReportedDerived = z.object({
  days: Count,
  daysNotBuilt: Count,
  daysRebuilt: Count,
  daysNotRebuilt: Count,
  objects: Count,
  bytes: Count,
  notChecked: Count,
  findings: Count,
});
export type ReportedDerived = z.infer<typeof ReportedDerived>;

/** What was compared of one index of days. */
const ReportedIndex = z.object({
  aggregate: z.string(),
  index: z.enum(["read", "missing", "unreadable"]),
  entries: Count,
  outdated: Count,
  findings: Count,
});
export type ReportedIndex = z.infer<typeof ReportedIndex>;

/** What a verification looked at, how deeply, and what it found. */
export const verificationFields = {
  /** The version of Nightshift that verified. */
  version: z.string(),
  begunAt: Instant,
  endedAt: Instant,
  /** The archive: a bucket's name or ARN, or a folder. */
  archive: z.string(),
  depth: z.enum(depths),
  /** Parts of the objects that were checked at `depth`; absent: all. */
  subsets: z.optional(z.array(Subset)),
  /** How the other objects were checked; absent: not at all, if there are others. */
  otherDepth: z.optional(z.enum(depths)),
  /** Days that were selected; absent: all. */
  selectedDays: z.optional(z.array(DateField)),
  /** SHA-256 of the public key with which signatures were checked (SubjectPublicKeyInfo), hexadecimal. */
  publicKeySha256: z.optional(z.string()),
  aggregates: z.array(ReportedAggregate),
  /** The tables; absent: they were not looked at. */
  tables: z.optional(ReportedDerived),
  /** The indexes of days; absent: they were not looked at. */
  indexes: z.optional(z.array(ReportedIndex)),
  findingCount: Count,
  findings: z.array(ReportedFinding),
};

/** The report of `nightshift verify --report`; published as `docs/schemas/verification-report.schema.json`. */
export const VerificationReport = z.object({
  schema: z.literal("nightshift/verification-report/1"),
  account: z.string(),
  ...verificationFields,
  /** Detached JWS over the report without this field, if it was signed. */
  signature: z.optional(z.string()),
});
export type VerificationReport = z.infer<typeof VerificationReport>;
