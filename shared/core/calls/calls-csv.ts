import type { RecordingEntry } from "./call-manifest.ts";
import { type CallRecord, recordingReferences } from "./call-record.ts";

const columns = ["time", "direction", "from", "to", "extension", "seconds", "result", "recording", "note"];

/**
 * Yields a day's calls as CSV for spreadsheets, one line at a time, with local times and offsets.
 * `note` says which calls are not counted: deleted by a user, or `vanished`. https://www.rfc-editor.org/rfc/rfc4180
 */
export async function* callsCsv(
  records: AsyncIterable<CallRecord> | Iterable<CallRecord>,
  recordings: readonly RecordingEntry[],
  timeZone: string,
  vanished: readonly string[] = [],
): AsyncGenerator<string> {
  const keyOf = new Map(recordings.map(({ id, state, object }) => [id, object?.key ?? state]));
  const timeOf = localTimes(timeZone);
  const vanishedIds = new Set(vanished);
  yield line(columns);
  for await (const record of records) yield line([...row(record, keyOf, timeOf), noteOf(record, vanishedIds)]);
}

function line(cells: readonly string[]): string {
  return `${cells.map(cell).join(",")}\r\n`;
}

function row(record: CallRecord, keyOf: ReadonlyMap<string, string>, timeOf: (instant: string) => string): string[] {
  const { startTime, direction, result, duration, from, to } = record.fields;
  const party = direction === "Outbound" ? from : to;
  return [
    timeOf(startTime),
    direction ?? "",
    from.phoneNumber ?? from.extensionNumber ?? from.name ?? "",
    to.phoneNumber ?? to.extensionNumber ?? to.name ?? "",
    party.extensionNumber ?? "",
    duration === undefined ? "" : String(duration),
    result ?? "",
    recordingReferences([record])
      .map(({ id }) => keyOf.get(id) ?? "")
      .join(" "),
  ];
}

function noteOf({ fields }: CallRecord, vanished: ReadonlySet<string>): string {
  return [fields.deleted ? "deleted" : [], vanished.has(fields.id) ? "vanished" : []].flat().join(" ");
}

/**
 * Formats instants as `2026-11-01 01:30:00 -05:00`; the offset distinguishes the hour that comes twice at a clock
 * change.
 */
function localTimes(timeZone: string): (instant: string) => string {
  // Created once per table: creating a formatter takes longer than 100 uses.
  const format = new Intl.DateTimeFormat("sv-SE", { timeZone, dateStyle: "short", timeStyle: "medium" });
  const zone = new Intl.DateTimeFormat("en", { timeZone, timeZoneName: "longOffset" });
  return (instant) => {
    const at = new Date(instant);
    if (Number.isNaN(at.getTime())) return instant;
    const offset = zone.formatToParts(at).find(({ type }) => type === "timeZoneName");
    return `${format.format(at)} ${offset?.value.slice(3) || "+00:00"}`;
  };
}

/**
 * Prefixes `'` to text that a spreadsheet would run as a formula: callers choose their names. "+" and digits are a
 * phone number. https://owasp.org/www-community/attacks/CSV_Injection
 */
function cell(text: string): string {
  const safe = /^[=@\t\r-]|^\+(?!\d+$)/.test(text) ? `'${text}` : text;
  return /[",\r\n]/.test(safe) ? `"${safe.replaceAll('"', '""')}"` : safe;
}
