/** Column types by their Athena name. `string` has any length, `timestamp` is UTC in milliseconds. */
export type ColumnType = "string" | "int" | "bigint" | "double" | "boolean" | "timestamp";

export interface Column {
  readonly name: string;
  readonly type: ColumnType;
  readonly unit?: string;
  /** Name of the source field at RingCentral or in the manifest; absent for our own columns. */
  readonly source?: string;
  /** One sentence. */
  readonly about: string;
  /** True if every row has a value. @default false */
  readonly certain?: true;
}

export interface Table {
  /** What a row stands for. */
  readonly about: string;
  /** What the rows are made from. */
  readonly from: string;
  readonly columns: readonly Column[];
}

/**
 * Partition column of every table. Its name is not `date`, which Athena reserves.
 * https://docs.aws.amazon.com/athena/latest/ug/reserved-words.html
 */
export const partitionColumn = {
  name: "day",
  type: "string",
  about: "The day is a date in the archive's time zone, YYYY-MM-DD. It is in the folder's name, not in the file.",
} as const satisfies Column;

/** Version of the tables. Raise it with every change of them; all days are then rebuilt. */
export const tablesForm = 4;

/** The tables, one file per day each. Parquet files, the Athena tables and docs/data.md follow this schema. */
export const tables = {
  calls: {
    about: "One call-log record. A call may have several; they share `session_id`. Faxes have records, too.",
    from: "the day's call records; fields are those of RingCentral's CallLogRecord.",
    columns: [
      { name: "id", type: "string", source: "id", about: "Id of the record.", certain: true },
      {
        name: "session_id",
        type: "string",
        source: "sessionId",
        about: "The same in all records of one call. To count calls, count each one once.",
      },
      {
        name: "telephony_session_id",
        type: "string",
        source: "telephonySessionId",
        about: "The id of the call in RingCentral's newer API.",
      },
      { name: "start_time", type: "timestamp", unit: "UTC", source: "startTime", about: "When the call began." },
      {
        name: "local_time",
        type: "timestamp",
        unit: "local",
        source: "startTime",
        about: "`start_time` in the archive's time zone. At a clock change one hour comes twice.",
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
        about: "Duration of the call.",
      },
      { name: "direction", type: "string", source: "direction", about: "Direction: `Inbound` or `Outbound`." },
      { name: "type", type: "string", source: "type", about: "Type: `Voice` or `Fax`." },
      { name: "action", type: "string", source: "action", about: "Kind of action, such as `Phone Call`." },
      {
        name: "result",
        type: "string",
        source: "result",
        about: "Result, such as `Accepted`, `Missed` or `Voicemail`.",
      },
      { name: "reason", type: "string", source: "reason", about: "Reason for the result." },
      { name: "reason_description", type: "string", source: "reasonDescription", about: "The reason in words." },
      {
        name: "internal_type",
        type: "string",
        source: "internalType",
        about: "RingCentral's kind of call, such as `Local` or `TollFreeNumber`.",
      },
      { name: "transport", type: "string", source: "transport", about: "Transport: `PSTN` or `VoIP`." },
      { name: "from_number", type: "string", source: "from.phoneNumber", about: "Caller: number." },
      { name: "from_name", type: "string", source: "from.name", about: "Caller: name." },
      { name: "from_extension_id", type: "string", source: "from.extensionId", about: "Caller: extension id." },
      {
        name: "from_extension_number",
        type: "string",
        source: "from.extensionNumber",
        about: "Caller: extension number.",
      },
      { name: "from_location", type: "string", source: "from.location", about: "Caller: place." },
      { name: "to_number", type: "string", source: "to.phoneNumber", about: "Called party: number." },
      { name: "to_name", type: "string", source: "to.name", about: "Called party: name." },
      { name: "to_extension_id", type: "string", source: "to.extensionId", about: "Called party: extension id." },
      {
        name: "to_extension_number",
        type: "string",
        source: "to.extensionNumber",
        about: "Called party: extension number.",
      },
      { name: "to_location", type: "string", source: "to.location", about: "Called party: place." },
      { name: "extension_id", type: "string", source: "extension.id", about: "Extension that the call belongs to." },
      {
        name: "delegate_id",
        type: "string",
        source: "delegate.id",
        about: "User who handled the call for another user: id.",
      },
      {
        name: "delegate_name",
        type: "string",
        source: "delegate.name",
        about: "User who handled the call for another user: name.",
      },
      {
        name: "delegation_type",
        type: "string",
        source: "delegationType",
        about: "Why this user handled it: `Coworker` or `QueueForwarding`.",
      },
      { name: "message_id", type: "string", source: "message.id", about: "Id of the voicemail or fax of this call." },
      {
        name: "message_type",
        type: "string",
        source: "message.type",
        about: "Type of that message: `VoiceMail` or `Fax`.",
      },
      {
        name: "recording_id",
        type: "string",
        source: "recording.id, else that of its legs",
        about: "First recording. Join it with `recordings.id`.",
      },
      {
        name: "recording_ids",
        type: "string",
        source: "recording.id, legs[].recording.id",
        about: "Ids of all its recordings, separated by spaces.",
      },
      {
        name: "recording_count",
        type: "int",
        source: "recording, legs[].recording",
        about: "Number of its recordings.",
        certain: true,
      },
      {
        name: "short_recording",
        type: "boolean",
        source: "shortRecording, legs[].shortRecording",
        about: "True if the recording was too short for RingCentral to keep.",
        certain: true,
      },
      { name: "leg_count", type: "int", source: "legs", about: "Number of its legs.", certain: true },
      {
        name: "deleted",
        type: "boolean",
        source: "deleted",
        about: "True if a user deleted it at RingCentral.",
        certain: true,
      },
      {
        name: "vanished",
        type: "boolean",
        source: "manifest: vanished",
        about: "True if RingCentral no longer lists it. The archive keeps it.",
        certain: true,
      },
      {
        name: "moved",
        type: "boolean",
        source: "manifests of the days before and after",
        about:
          "True if an adjacent day lists it now, and counts it. Count calls that are not `deleted`, `vanished` or `moved`.",
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
        about: "Cost within the account's plan, as RingCentral gives it.",
      },
      {
        name: "cost_purchased",
        type: "double",
        source: "billing.costPurchased",
        about: "Cost beyond the plan, as RingCentral gives it.",
      },
      {
        name: "account",
        type: "string",
        source: "manifest: account",
        about: "RingCentral's id of the account.",
        certain: true,
      },
    ],
  },
  legs: {
    about: "One leg of a call: each attempt to reach a user is one, and each transfer.",
    from: "the same records; fields are those of RingCentral's CallLogRecord.legs.",
    columns: [
      {
        name: "call_id",
        type: "string",
        source: "id",
        about: "Record of the call. Join it with `calls.id`.",
        certain: true,
      },
      {
        name: "leg",
        type: "int",
        source: "legs",
        about: "Position among the legs of the record, from 0.",
        certain: true,
      },
      { name: "start_time", type: "timestamp", unit: "UTC", source: "startTime", about: "When the leg began." },
      {
        name: "duration_seconds",
        type: "double",
        unit: "seconds",
        source: "durationMs, else duration",
        about: "Duration of the leg.",
      },
      { name: "direction", type: "string", source: "direction", about: "Direction: `Inbound` or `Outbound`." },
      { name: "type", type: "string", source: "type", about: "Type: `Voice` or `Fax`." },
      { name: "action", type: "string", source: "action", about: "Kind of action, such as `FindMe`." },
      { name: "result", type: "string", source: "result", about: "Result of the leg." },
      { name: "reason", type: "string", source: "reason", about: "Reason for the result." },
      {
        name: "leg_type",
        type: "string",
        source: "legType",
        about: "Type of the leg, such as `Accept`, `FindMe` or `TransferCall`.",
      },
      { name: "master", type: "boolean", source: "master", about: "True for the main leg of the call." },
      { name: "transport", type: "string", source: "transport", about: "Transport: `PSTN` or `VoIP`." },
      { name: "from_number", type: "string", source: "from.phoneNumber", about: "Caller: number." },
      { name: "from_name", type: "string", source: "from.name", about: "Caller: name." },
      { name: "from_extension_id", type: "string", source: "from.extensionId", about: "Caller: extension id." },
      {
        name: "from_extension_number",
        type: "string",
        source: "from.extensionNumber",
        about: "Caller: extension number.",
      },
      { name: "from_location", type: "string", source: "from.location", about: "Caller: place." },
      { name: "to_number", type: "string", source: "to.phoneNumber", about: "Called party: number." },
      { name: "to_name", type: "string", source: "to.name", about: "Called party: name." },
      { name: "to_extension_id", type: "string", source: "to.extensionId", about: "Called party: extension id." },
      {
        name: "to_extension_number",
        type: "string",
        source: "to.extensionNumber",
        about: "Called party: extension number.",
      },
      { name: "to_location", type: "string", source: "to.location", about: "Called party: place." },
      { name: "extension_id", type: "string", source: "extension.id", about: "Extension that the leg belongs to." },
      {
        name: "telephony_session_id",
        type: "string",
        source: "telephonySessionId",
        about: "The same in all records of one call.",
      },
      {
        name: "recording_id",
        type: "string",
        source: "recording.id",
        about: "Its recording. Join it with `recordings.id`.",
      },
    ],
  },
  recordings: {
    about: "One recording that a call of this day references, and what the archive has of it.",
    from: "the day's manifest, and the call that references the recording.",
    columns: [
      { name: "id", type: "string", source: "manifest: recordings[].id", about: "Id of the recording.", certain: true },
      {
        name: "call_id",
        type: "string",
        source: "manifest: recordings[].callId",
        about: "Call that first referenced it. Join it with `calls.id`.",
        certain: true,
      },
      {
        name: "state",
        type: "string",
        source: "manifest: recordings[].state",
        about: "State: `stored`, `pending`, `not-found`, `refused`, `already-deleted` or `lost`.",
        certain: true,
      },
      {
        name: "first_seen_at",
        type: "timestamp",
        unit: "UTC",
        source: "manifest: recordings[].firstSeenAt",
        about: "When a listing first referenced it.",
      },
      {
        name: "automatic",
        type: "boolean",
        source: "manifest: recordings[].automatic",
        about: "True if RingCentral started the recording automatically, false if a user did.",
        certain: true,
      },
      {
        name: "object_key",
        type: "string",
        source: "manifest: recordings[].object.key",
        about: "Key in the archive bucket. Null if it is not stored.",
      },
      {
        name: "bytes",
        type: "bigint",
        unit: "bytes",
        source: "manifest: recordings[].object.bytes",
        about: "Size of the recording.",
      },
      {
        name: "content_type",
        type: "string",
        source: "manifest: recordings[].object.contentType",
        about: "Media type, such as `audio/mpeg`.",
      },
      {
        name: "sha256",
        type: "string",
        source: "manifest: recordings[].object.sha256",
        about: "SHA-256 of the recording, base64, as S3 keeps it.",
      },
      {
        name: "attempts",
        type: "int",
        source: "manifest: recordings[].attempts",
        about: "Number of runs that tried it and stored nothing, 12 at most.",
        certain: true,
      },
      { name: "start_time", type: "timestamp", unit: "UTC", source: "startTime", about: "When the call began." },
      {
        name: "direction",
        type: "string",
        source: "direction",
        about: "Direction of the call: `Inbound` or `Outbound`.",
      },
      {
        name: "duration_seconds",
        type: "double",
        unit: "seconds",
        source: "durationMs, else duration",
        about: "Duration of the call.",
      },
      { name: "extension_id", type: "string", source: "extension.id", about: "Extension that the call belongs to." },
    ],
  },
  analytics: {
    about: "One value of RingCentral's Business Analytics, for one day or for one hour of it.",
    from: "the day's responses to analytics queries.",
    columns: [
      {
        name: "grouped_by",
        type: "string",
        source: "data.groupedBy",
        about: "Group of the value, such as `Company`, `Users` or `Queues`.",
        certain: true,
      },
      {
        name: "hour_start",
        type: "timestamp",
        unit: "UTC",
        source: "points[].time",
        about: "When the hour began. Null if the value is for the whole day.",
      },
      {
        name: "hour",
        type: "int",
        unit: "local hour",
        source: "points[].time",
        about: "Hour in the archive's time zone, 0 to 23. At a clock change one hour comes twice or is missing.",
      },
      {
        name: "key",
        type: "string",
        source: "records[].key",
        about: "Id of the member of the group: a user, a queue and so on.",
        certain: true,
      },
      { name: "name", type: "string", source: "records[].info.name", about: "Name of that member." },
      {
        name: "extension_number",
        type: "string",
        source: "records[].info.extensionNumber",
        about: "Extension number of that member.",
      },
      {
        name: "metric",
        type: "string",
        source: "counters, timers",
        about: "Metric, such as `callsByDirection`. Metrics of time have `Duration` in their name.",
        certain: true,
      },
      {
        name: "breakdown",
        type: "string",
        source: "values",
        about: "Part of the metric, such as `inbound`. Null if the value is the total.",
      },
      {
        name: "unit",
        type: "string",
        source: "valueType",
        about: "Unit of the value: `Instances`, `Seconds` or `Percent`.",
        certain: true,
      },
      { name: "value", type: "double", unit: "see `unit`", source: "values", about: "The value." },
    ],
  },
  discrepancy: {
    about: "Number of calls of a day in one direction, in the call log and in the analytics.",
    from: "the tables `calls` (type `Voice`, not `deleted`, `vanished` or `moved`) and `analytics` (`Company`, `callsByDirection`).",
    columns: [
      { name: "direction", type: "string", about: "Direction: `Inbound` or `Outbound`.", certain: true },
      {
        name: "call_log_calls",
        type: "int",
        unit: "calls",
        about: "Calls in the call log, each session once.",
        certain: true,
      },
      { name: "analytics_calls", type: "double", unit: "calls", about: "Calls in the analytics.", certain: true },
      {
        name: "difference",
        type: "double",
        unit: "calls",
        about: "`call_log_calls` minus `analytics_calls`. RingCentral counts them separately and promises no match.",
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
  /** Epoch ms. */
  readonly timestamp: number;
}
type ColumnOf<T extends TableName> = (typeof tables)[T]["columns"][number];
type ValueOf<C extends Column> = Values[C["type"]] | (C extends { readonly certain: true } ? never : undefined);

/** A row of a table with all columns; `undefined` is a null. */
export type Row<T extends TableName> = { readonly [C in ColumnOf<T> as C["name"]]: ValueOf<C> };
