/** Types as Athena names them; each has one form in Parquet and DuckDB. Text of any length, UTC timestamps of milliseconds. */
export type ColumnType = "string" | "int" | "bigint" | "double" | "boolean" | "timestamp";

export interface Column {
  readonly name: string;
  readonly type: ColumnType;
  readonly unit?: string;
  /** The field that it comes from, as RingCentral or the manifest names it; none for what is ours. */
  readonly source?: string;
  /** One sentence on what it says. */
  readonly about: string;
  /** True where every row has a value. @default false */
  readonly certain?: true;
}

export interface Table {
  /** What a row stands for. */
  readonly about: string;
  /** What the rows are made from. */
  readonly from: string;
  readonly columns: readonly Column[];
}

/** The column that partitions every table: a text, and not called `date`, which Athena reserves. */
export const partitionColumn = {
  name: "day",
  type: "string",
  about: "The day by the archive's calendar, YYYY-MM-DD; it is the folder's name, not in the file.",
} as const satisfies Column;

/** Another form of the tables: raise it with every change of theirs, and all days are built again. */
export const tablesForm = 4;

/** The tables, each one file a day: the schema of what is written, of what Athena is told, and of docs/data.md. */
export const tables = {
  calls: {
    about: "One call record, as the company's call log has it; faxes have records, too.",
    from: "the day's call records; fields are those of RingCentral's CallLogRecord.",
    columns: [
      { name: "id", type: "string", source: "id", about: "The record's id.", certain: true },
      {
        name: "session_id",
        type: "string",
        source: "sessionId",
        about: "The same in all records of one call: to count calls, count each once.",
      },
      {
        name: "telephony_session_id",
        type: "string",
        source: "telephonySessionId",
        about: "The same in RingCentral's newer API.",
      },
      { name: "start_time", type: "timestamp", unit: "UTC", source: "startTime", about: "When the call began." },
      {
        name: "local_time",
        type: "timestamp",
        unit: "local",
        source: "startTime",
        about:
          "The same moment as a clock on the wall showed it in the archive's time zone; at a change of clocks an hour comes twice.",
      },
      {
        name: "end_time",
        type: "timestamp",
        unit: "UTC",
        source: "startTime, durationMs or duration",
        about: "When the call ended.",
      },
      {
        name: "duration_seconds",
        type: "double",
        unit: "seconds",
        source: "durationMs, else duration",
        about: "How long the call took.",
      },
      { name: "direction", type: "string", source: "direction", about: "`Inbound` or `Outbound`." },
      { name: "type", type: "string", source: "type", about: "`Voice` or `Fax`." },
      { name: "action", type: "string", source: "action", about: "What was done, such as `Phone Call`." },
      {
        name: "result",
        type: "string",
        source: "result",
        about: "What became of it, such as `Accepted`, `Missed` or `Voicemail`.",
      },
      { name: "reason", type: "string", source: "reason", about: "Why it ended so." },
      { name: "reason_description", type: "string", source: "reasonDescription", about: "The same in words." },
      { name: "internal_type", type: "string", source: "internalType", about: "Such as `Local` or `TollFreeNumber`." },
      { name: "transport", type: "string", source: "transport", about: "`PSTN` or `VoIP`." },
      { name: "from_number", type: "string", source: "from.phoneNumber", about: "Who called: number." },
      { name: "from_name", type: "string", source: "from.name", about: "Who called: name." },
      { name: "from_extension_id", type: "string", source: "from.extensionId", about: "Who called: extension's id." },
      {
        name: "from_extension_number",
        type: "string",
        source: "from.extensionNumber",
        about: "Who called: extension's number.",
      },
      { name: "from_location", type: "string", source: "from.location", about: "Who called: place." },
      { name: "to_number", type: "string", source: "to.phoneNumber", about: "Who was called: number." },
      { name: "to_name", type: "string", source: "to.name", about: "Who was called: name." },
      { name: "to_extension_id", type: "string", source: "to.extensionId", about: "Who was called: extension's id." },
      {
        name: "to_extension_number",
        type: "string",
        source: "to.extensionNumber",
        about: "Who was called: extension's number.",
      },
      { name: "to_location", type: "string", source: "to.location", about: "Who was called: place." },
      { name: "extension_id", type: "string", source: "extension.id", about: "The extension whose call it is." },
      { name: "delegate_id", type: "string", source: "delegate.id", about: "Who handled it for somebody else: id." },
      { name: "delegate_name", type: "string", source: "delegate.name", about: "The same: name." },
      {
        name: "delegation_type",
        type: "string",
        source: "delegationType",
        about: "How they came to: `Coworker` or `QueueForwarding`.",
      },
      { name: "message_id", type: "string", source: "message.id", about: "The voicemail or fax that was left." },
      { name: "message_type", type: "string", source: "message.type", about: "`VoiceMail` or `Fax`." },
      {
        name: "recording_id",
        type: "string",
        source: "recording.id, else that of its legs",
        about: "The first recording; joins `recordings.id`.",
      },
      {
        name: "recording_ids",
        type: "string",
        source: "recording.id, legs[].recording.id",
        about: "All its recordings, each once, separated by spaces.",
      },
      {
        name: "recording_count",
        type: "int",
        source: "recording, legs[].recording",
        about: "How many these are.",
        certain: true,
      },
      {
        name: "short_recording",
        type: "boolean",
        source: "shortRecording, legs[].shortRecording",
        about: "Whether it was recorded so shortly that RingCentral kept nothing.",
        certain: true,
      },
      { name: "leg_count", type: "int", source: "legs", about: "How many legs it has.", certain: true },
      {
        name: "deleted",
        type: "boolean",
        source: "deleted",
        about: "Whether somebody deleted it at RingCentral.",
        certain: true,
      },
      {
        name: "vanished",
        type: "boolean",
        source: "manifest: vanished",
        about: "Whether RingCentral lists it no more; the archive keeps it.",
        certain: true,
      },
      {
        name: "moved",
        type: "boolean",
        source: "manifests of the days before and after",
        about:
          "Whether an adjacent day lists it now. Count calls that are not `deleted`, `vanished` or `moved`; the other day counts this one.",
        certain: true,
      },
      {
        name: "last_modified",
        type: "timestamp",
        unit: "UTC",
        source: "lastModifiedTime",
        about: "When RingCentral last changed the record.",
      },
      {
        name: "cost_included",
        type: "double",
        source: "billing.costIncluded",
        about: "Its cost within the account's plan, as RingCentral gives it.",
      },
      {
        name: "cost_purchased",
        type: "double",
        source: "billing.costPurchased",
        about: "Its cost beyond the plan.",
      },
      { name: "account", type: "string", source: "manifest: account", about: "The account's id.", certain: true },
    ],
  },
  legs: {
    about: "One leg of a call: each try at reaching somebody, and each transfer, is one.",
    from: "the same records; fields are those of RingCentral's CallLogRecord.legs.",
    columns: [
      { name: "call_id", type: "string", source: "id", about: "The call; joins `calls.id`.", certain: true },
      { name: "leg", type: "int", source: "legs", about: "Its place among the call's legs, from 0.", certain: true },
      { name: "start_time", type: "timestamp", unit: "UTC", source: "startTime", about: "When the leg began." },
      {
        name: "duration_seconds",
        type: "double",
        unit: "seconds",
        source: "durationMs, else duration",
        about: "How long it took.",
      },
      { name: "direction", type: "string", source: "direction", about: "`Inbound` or `Outbound`." },
      { name: "type", type: "string", source: "type", about: "`Voice` or `Fax`." },
      { name: "action", type: "string", source: "action", about: "What was done, such as `FindMe`." },
      { name: "result", type: "string", source: "result", about: "What became of it." },
      { name: "reason", type: "string", source: "reason", about: "Why it ended so." },
      { name: "leg_type", type: "string", source: "legType", about: "Such as `Accept`, `FindMe` or `TransferCall`." },
      { name: "master", type: "boolean", source: "master", about: "Whether it is the call's main leg." },
      { name: "transport", type: "string", source: "transport", about: "`PSTN` or `VoIP`." },
      { name: "from_number", type: "string", source: "from.phoneNumber", about: "Who called: number." },
      { name: "from_name", type: "string", source: "from.name", about: "Who called: name." },
      { name: "from_extension_id", type: "string", source: "from.extensionId", about: "Who called: extension's id." },
      {
        name: "from_extension_number",
        type: "string",
        source: "from.extensionNumber",
        about: "Who called: extension's number.",
      },
      { name: "from_location", type: "string", source: "from.location", about: "Who called: place." },
      { name: "to_number", type: "string", source: "to.phoneNumber", about: "Who was called: number." },
      { name: "to_name", type: "string", source: "to.name", about: "Who was called: name." },
      { name: "to_extension_id", type: "string", source: "to.extensionId", about: "Who was called: extension's id." },
      {
        name: "to_extension_number",
        type: "string",
        source: "to.extensionNumber",
        about: "Who was called: extension's number.",
      },
      { name: "to_location", type: "string", source: "to.location", about: "Who was called: place." },
      { name: "extension_id", type: "string", source: "extension.id", about: "The extension that the leg belongs to." },
      {
        name: "telephony_session_id",
        type: "string",
        source: "telephonySessionId",
        about: "Joins the records of one call.",
      },
      { name: "recording_id", type: "string", source: "recording.id", about: "Its recording; joins `recordings.id`." },
    ],
  },
  recordings: {
    about: "One recording that a call of the day named first, and what the archive has of it.",
    from: "the day's manifest, and the call that named it.",
    columns: [
      { name: "id", type: "string", source: "manifest: recordings[].id", about: "The recording's id.", certain: true },
      {
        name: "call_id",
        type: "string",
        source: "manifest: recordings[].record",
        about: "The call that named it first; joins `calls.id`.",
        certain: true,
      },
      {
        name: "state",
        type: "string",
        source: "manifest: recordings[].state",
        about: "`stored`, `pending`, `absent`, `refused`, `gone-before` or `lost`.",
        certain: true,
      },
      {
        name: "first_seen_at",
        type: "timestamp",
        unit: "UTC",
        source: "manifest: recordings[].named",
        about: "When a listing first named it.",
      },
      {
        name: "automatic",
        type: "boolean",
        source: "manifest: recordings[].automatic",
        about: "Whether RingCentral made it by itself, and no person did.",
        certain: true,
      },
      {
        name: "object_key",
        type: "string",
        source: "manifest: recordings[].object.key",
        about: "Where it lies in the archive bucket; none while it is not stored.",
      },
      {
        name: "bytes",
        type: "bigint",
        unit: "bytes",
        source: "manifest: recordings[].object.bytes",
        about: "Its length.",
      },
      {
        name: "content_type",
        type: "string",
        source: "manifest: recordings[].object.contentType",
        about: "Such as `audio/mpeg`.",
      },
      {
        name: "sha256",
        type: "string",
        source: "manifest: recordings[].object.sha256",
        about: "SHA-256 of its bytes, base64, as S3 keeps it.",
      },
      {
        name: "attempts",
        type: "int",
        source: "manifest: recordings[].attempts",
        about: "In how many runs it was asked for and did not come, of the last twelve.",
        certain: true,
      },
      { name: "start_time", type: "timestamp", unit: "UTC", source: "startTime", about: "When the call began." },
      { name: "direction", type: "string", source: "direction", about: "The call's, `Inbound` or `Outbound`." },
      {
        name: "duration_seconds",
        type: "double",
        unit: "seconds",
        source: "durationMs, else duration",
        about: "How long the call took.",
      },
      { name: "extension_id", type: "string", source: "extension.id", about: "The extension whose call it is." },
    ],
  },
  analytics: {
    about: "One number of RingCentral's Business Analytics: of somebody or something, for a day or an hour of it.",
    from: "the day's answers to the analytics' questions.",
    columns: [
      {
        name: "grouped_by",
        type: "string",
        source: "data.groupedBy",
        about: "What the numbers are grouped by, such as `Company`, `Users` or `Queues`.",
        certain: true,
      },
      {
        name: "hour_start",
        type: "timestamp",
        unit: "UTC",
        source: "points[].time",
        about: "When the hour began; none where the number is the whole day's.",
      },
      {
        name: "hour",
        type: "int",
        unit: "local hour",
        source: "points[].time",
        about: "The hour as a clock on the wall showed it, 0 to 23; at a change of clocks one comes twice, or not.",
      },
      { name: "key", type: "string", source: "records[].key", about: "Whose number it is: an id.", certain: true },
      { name: "name", type: "string", source: "records[].info.name", about: "The same by name." },
      {
        name: "extension_number",
        type: "string",
        source: "records[].info.extensionNumber",
        about: "The same by extension's number.",
      },
      {
        name: "metric",
        type: "string",
        source: "counters, timers",
        about: "What is counted or timed, such as `callsByDirection`; timers have `Duration` in their name.",
        certain: true,
      },
      {
        name: "breakdown",
        type: "string",
        source: "values",
        about: "Which part of it, such as `inbound`; none where it is the total.",
      },
      {
        name: "unit",
        type: "string",
        source: "valueType",
        about: "`Instances`, `Seconds` or `Percent`.",
        certain: true,
      },
      { name: "value", type: "double", unit: "see `unit`", source: "values", about: "The number." },
    ],
  },
  discrepancy: {
    about: "Calls of a day in one direction, as the call log and as the analytics count them.",
    from: "the tables `calls` (type `Voice`, not `deleted`, `vanished` or `moved`) and `analytics` (`Company`, `callsByDirection`).",
    columns: [
      { name: "direction", type: "string", about: "`Inbound` or `Outbound`.", certain: true },
      {
        name: "call_log_calls",
        type: "int",
        unit: "calls",
        about: "So many the call log has: each session once.",
        certain: true,
      },
      { name: "analytics_calls", type: "double", unit: "calls", about: "So many the analytics tell.", certain: true },
      {
        name: "difference",
        type: "double",
        unit: "calls",
        about: "The call log's less the analytics': RingCentral counts these apart and promises no match.",
        certain: true,
      },
    ],
  },
} as const satisfies Readonly<Record<string, Table>>;

export type TableName = keyof typeof tables;
export const tableNames = Object.keys(tables) as readonly TableName[];

interface Values {
  readonly string: string;
  readonly int: number;
  readonly bigint: number;
  readonly double: number;
  readonly boolean: boolean;
  /** Milliseconds since the epoch. */
  readonly timestamp: number;
}
type ColumnOf<T extends TableName> = (typeof tables)[T]["columns"][number];
type ValueOf<C extends Column> = Values[C["type"]] | (C extends { readonly certain: true } ? never : undefined);

/** A row of a table: every column of it, `undefined` for a null. */
export type Row<T extends TableName> = { readonly [C in ColumnOf<T> as C["name"]]: ValueOf<C> };
