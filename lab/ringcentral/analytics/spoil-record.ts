import type { AnalyticsPlan, SpoiledValue } from "./analytics-plan.ts";

type Json = Readonly<Record<string, unknown>>;

/** A record of an answer, with or without points. */
interface SpoilableRecord {
  readonly key: string;
  readonly counters?: Json;
  readonly timers?: Json;
  readonly points?: readonly { readonly counters?: Json; readonly timers?: Json }[];
}

/** Puts what the plan spoils into one record, or into each of its points. */
export function spoilRecord(record: SpoilableRecord, { spoiled, extraFields }: AnalyticsPlan): Json {
  const meant = spoiled.filter(({ key }) => key === undefined || key === record.key);
  const points = record.points?.map((point) => meant.reduce(spoil, point));
  return { ...meant.reduce(spoil, record), ...(points && { points }), ...extraFields };
}

/** Only in sections that were asked for. */
function spoil<Measured extends Pick<SpoilableRecord, "counters" | "timers">>(
  measured: Measured,
  { in: section, metric, part, value }: SpoiledValue,
): Measured {
  const metrics = measured[section];
  if (!metrics) return measured;
  const whole = { valueType: "Instances", ...(metrics[metric] as { readonly values?: Json } | undefined) };
  const values = part === undefined ? value : { ...whole.values, [part]: value };
  return { ...measured, [section]: { ...metrics, [metric]: { ...whole, values } } };
}
