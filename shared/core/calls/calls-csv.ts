import type { RecordingEntry } from "./call-manifest.ts";
import type { CallRecord } from "./call-record.ts";

const columns = ["time", "direction", "from", "to", "extension", "seconds", "result", "recording", "note"];

/**
 * A day's calls as a table for people (RFC 4180), times as the clock on the wall showed them; one piece a row. `note` marks
 * calls that no count should contain: RingCentral's user deleted them, or RingCentral lists them no more (`vanished`).
 */
export async function* callsCsv(
  records: AsyncIterable<CallRecord> | Iterable<CallRecord>,
  recordings: readonly RecordingEntry[],
  timeZone: string,
  vanished: readonly string[] = [],
): AsyncGenerator<string> {
  const keyOf = new Map(recordings.map(({ id, state, object }) => [id, object?.key ?? state]));
  const timeOf = localTimes(timeZone);
  const gone = new Set(vanished);
  yield line(columns);
  for await (const record of records) yield line([...row(record, keyOf, timeOf), noteOf(record, gone)]);
}

function line(cells: readonly string[]): string {
  return `${cells.map(cell).join(",")}\r\n`;
}

function row(
  { fields }: CallRecord,
  keyOf: ReadonlyMap<string, string>,
  timeOf: (instant: string) => string,
): string[] {
  const { direction, result, duration, from, to } = fields;
  const own = direction === "Outbound" ? from : to;
  const ids = [fields, ...(fields.legs ?? [])].flatMap(({ recording }) => recording?.id ?? []);
  return [
    timeOf(fields.startTime),
    direction ?? "",
    from?.phoneNumber ?? from?.extensionNumber ?? from?.name ?? "",
    to?.phoneNumber ?? to?.extensionNumber ?? to?.name ?? "",
    own?.extensionNumber ?? "",
    duration === undefined ? "" : String(duration),
    result ?? "",
    [...new Set(ids)].map((id) => keyOf.get(id) ?? "").join(" "),
  ];
}

function noteOf({ fields }: CallRecord, vanished: ReadonlySet<string>): string {
  return [fields.deleted ? "deleted" : [], vanished.has(fields.id) ? "vanished" : []].flat().join(" ");
}

/** `2026-11-01 01:30:00 -05:00`: with its offset, for at a change of clocks an hour comes twice. */
function localTimes(timeZone: string): (instant: string) => string {
  // Made once for a table: making one takes longer than using it a hundred times.
  const format = new Intl.DateTimeFormat("sv-SE", { timeZone, dateStyle: "short", timeStyle: "medium" });
  const zone = new Intl.DateTimeFormat("en", { timeZone, timeZoneName: "longOffset" });
  return (instant) => {
    const at = new Date(instant);
    if (Number.isNaN(at.getTime())) return instant;
    const offset = zone.formatToParts(at).find(({ type }) => type === "timeZoneName");
    return `${format.format(at)} ${offset?.value.slice(3) || "+00:00"}`;
  };
}

/** A caller chooses his name: a cell must not be taken for a formula by a spreadsheet. A number with "+" is none. */
function cell(text: string): string {
  const safe = /^[=@\t\r-]|^\+(?!\d+$)/.test(text) ? `'${text}` : text;
  return /[",\r\n]/.test(safe) ? `"${safe.replaceAll('"', '""')}"` : safe;
}
