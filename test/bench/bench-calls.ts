const startMs = Date.parse("2026-11-03T05:00:00Z");
const dayMs = 24 * 3_600_000;

/** Yields records in the form of RingCentral's call log, two legs each, as lines. */
export function* benchCalls(count: number): Generator<string> {
  for (let n = 0; n < count; n++) yield `${JSON.stringify(benchCall(n, startMs + Math.floor((n * dayMs) / count)))}\n`;
}

function benchCall(n: number, ms: number) {
  const extension = { id: 62_264_425_000 + (n % 800), uri: `https://platform.example.com/extension/${n % 800}` };
  const from = {
    phoneNumber: `+1415555${String(n % 10_000).padStart(4, "0")}`,
    name: `CALLER ${n % 3_000}`,
    location: "San Francisco (South), CA",
  };
  const to = { phoneNumber: "+16505550100", extensionNumber: String(100 + (n % 800)), name: `Person ${n % 800}` };
  const common = {
    ...{ startTime: new Date(ms).toISOString(), duration: 194, durationMs: 194_000 + (n % 1_000) },
    ...{ type: "Voice", direction: n % 3 ? "Inbound" : "Outbound", action: "Phone Call", transport: "PSTN" },
    ...{ result: n % 5 ? "Accepted" : "Missed", from, to, extension },
    telephonySessionId: `s-${n.toString(16).padStart(32, "a")}`,
  };
  return {
    uri: `https://platform.example.com/restapi/v1.0/account/7/call-log/${n}?view=Detailed`,
    id: `VgLcd${n.toString(36).padStart(10, "0")}`,
    sessionId: String(1_039_811_321_016 + n),
    ...common,
    internalType: "LocalNumber",
    lastModifiedTime: new Date(ms + 300_000).toISOString(),
    billing: { costIncluded: 0.137, costPurchased: 0 },
    legs: [
      { ...common, legType: "Accept", master: true },
      { ...common, legType: "FindMe", master: false },
    ],
  };
}
