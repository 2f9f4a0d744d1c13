export type AlarmState = "OK" | "ALARM" | "INSUFFICIENT_DATA";
export type MissingData = "missing" | "ignore" | "breaching" | "notBreaching";

export interface AlarmRule {
  /** N: number of newest data points that are evaluated. */
  readonly evaluationPeriods: number;
  /** M: number of them that must breach. */
  readonly datapointsToAlarm: number;
  readonly treatMissingData: MissingData;
}

/**
 * The state of an alarm after an evaluation of its range: whether each data point breaches, the newest last; undefined where
 * there is none. The range is longer than the evaluation periods; how much is not documented.
 * https://docs.aws.amazon.com/AmazonCloudWatch/latest/monitoring/alarms-and-missing-data.html
 */
export function nextAlarmState(
  points: readonly (boolean | undefined)[],
  { evaluationPeriods, datapointsToAlarm, treatMissingData }: AlarmRule,
  current: AlarmState,
): AlarmState {
  // "evaluates the alarm state based on the most recent real data points"
  const real = points.filter((point) => point !== undefined).slice(-evaluationPeriods);
  const breaching = real.filter(Boolean).length;
  if (breaching >= datapointsToAlarm) return "ALARM";
  // "fills in the missing data points with the result you specified"
  const filled = evaluationPeriods - real.length;
  if (filled === 0 || treatMissingData === "notBreaching") return "OK";
  if (treatMissingData === "breaching") return breaching + filled >= datapointsToAlarm ? "ALARM" : "OK";
  if (breaching < real.length) return "OK";
  if (treatMissingData === "ignore") return current;
  if (real.length === 0) return "INSUFFICIENT_DATA";
  // "when the oldest available breaching datapoint … is at least as old as the value of Datapoints to Alarm"
  const oldest = points.length - points.indexOf(true);
  return oldest >= datapointsToAlarm ? "ALARM" : current;
}
