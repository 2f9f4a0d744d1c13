import { describe, expect, test } from "vitest";
import { type AlarmState, type MissingData, nextAlarmState } from "./alarm-state.ts";

const treatments: readonly MissingData[] = ["missing", "ignore", "breaching", "notBreaching"];
/** Written as in AWS's tables: 0 within the threshold, X breaching, - missing; the newest on the right. */
const pointsOf = (text: string) => [...text].map((point) => (point === "-" ? undefined : point === "X"));
const retained = "retained";

function statesOf(text: string, datapointsToAlarm: number, current: AlarmState): AlarmState[] {
  return treatments.map((treatMissingData) =>
    nextAlarmState(pointsOf(text), { evaluationPeriods: 3, datapointsToAlarm, treatMissingData }, current),
  );
}

describe.each(["OK", "ALARM", "INSUFFICIENT_DATA"] as const)("an alarm that is %s follows AWS's tables", (current) => {
  const expected = (states: readonly string[]) => states.map((state) => (state === retained ? current : state));

  test.each<[string, readonly string[]]>([
    ["0-X-X", ["OK", "OK", "OK", "OK"]],
    ["0----", ["OK", "OK", "OK", "OK"]],
    ["-----", ["INSUFFICIENT_DATA", retained, "ALARM", "OK"]],
    ["0XX-X", ["ALARM", "ALARM", "ALARM", "ALARM"]],
    ["--X--", ["ALARM", retained, "ALARM", "OK"]],
  ])("with 3 of 3 data points (%s)", (points, states) => {
    expect(statesOf(points, 3, current)).toEqual(expected(states));
  });

  test.each<[string, readonly string[]]>([
    ["0-X-X", ["ALARM", "ALARM", "ALARM", "ALARM"]],
    ["00X0X", ["ALARM", "ALARM", "ALARM", "ALARM"]],
    ["0-X--", ["OK", "OK", "ALARM", "OK"]],
    ["----0", ["OK", "OK", "ALARM", "OK"]],
    ["---X-", ["ALARM", retained, "ALARM", "OK"]],
  ])("with 2 of 3 data points (%s)", (points, states) => {
    expect(statesOf(points, 2, current)).toEqual(expected(states));
  });

  test("when data begins to breach, without going into ALARM at once", () => {
    for (const points of ["----X", "---X-"]) expect(statesOf(points, 3, current)[0]).toBe(current);
  });
});
