/** How an inbound call ended for its caller, the best first. */
export const outcomes = ["answered", "voicemail", "missed", "abandoned", "other"] as const;
export type Outcome = (typeof outcomes)[number];

/**
 * Results of RingCentral's call log by outcome; any other result is `other`. An old SDK spells "connected" with a Cyrillic
 * letter.
 */
const resultsByOutcome: Readonly<Partial<Record<Outcome, readonly string[]>>> = {
  answered: ["Accepted", "Call connected", "Call \u0441onnected", "Answered Elsewhere"],
  voicemail: ["Voicemail", "Sent to Voicemail"],
  missed: [
    ...["Missed", "No Answer", "Busy", "Declined", "Rejected", "Stopped", "IP Phone Offline"],
    ...["Answered Not Accepted", "Callback requested"],
  ],
  abandoned: ["Abandoned", "Hang Up"],
};

const outcomeByResult = new Map(
  outcomes.flatMap((outcome) => (resultsByOutcome[outcome] ?? []).map((result) => [result, outcome] as const)),
);

/** Returns the outcome of one record. */
export function outcomeOf(result: string | undefined): Outcome {
  return (result !== undefined && outcomeByResult.get(result)) || "other";
}

/** Returns the better of two outcomes: a call is answered if one of its records is. */
export function betterOutcome(a: Outcome, b: Outcome): Outcome {
  return outcomes.indexOf(a) <= outcomes.indexOf(b) ? a : b;
}
