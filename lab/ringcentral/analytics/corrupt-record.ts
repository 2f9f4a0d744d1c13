import type { AnalyticsPlan, CorruptedValue } from "./analytics-plan.ts";

type Json = Readonly<Record<string, unknown>>;

/** A record of a response, with or without points. */
interface CorruptibleRecord {
  readonly key: string;
  readonly counters?: Json;
  readonly timers?: Json;
  readonly points?: readonly { readonly counters?: Json; readonly timers?: Json }[];
}

/** Puts the plan's corrupted values into a record, or into each of its points. */
export function corruptRecord(record: CorruptibleRecord, { corrupted, extraFields }: AnalyticsPlan): Json {
  const meant = corrupted.filter(({ key }) => key === undefined || key === record.key);
  const points = record.points?.map((point) => meant.reduce(corruptValue, point));
  return { ...meant.reduce(corruptValue, record), ...(points && { points }), ...extraFields };
}

/** Changes only sections that were requested. */
function corruptValue<Measured extends Pick<CorruptibleRecord, "counters" | "timers">>(
  measured: Measured,
  { in: section, metric, part, value }: CorruptedValue,
): Measured {
  const metrics = measured[section];
  if (!metrics) return measured;
  const whole = { valueType: "Instances", ...(metrics[metric] as { readonly values?: Json } | undefined) };
  const values = part === undefined ? value : { ...whole.values, [part]: value };
  return { ...measured, [section]: { ...metrics, [metric]: { ...whole, values } } };
}
