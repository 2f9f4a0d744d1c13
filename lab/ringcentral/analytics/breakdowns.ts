/** The parts that each breakdown always names (OpenAPI: Calls…Breakdown). */
export const breakdowns = {
  direction: ["inbound", "outbound"],
  origin: ["internal", "external"],
  response: ["answered", "notAnswered", "connected", "notConnected"],
  segments: [
    "ringing",
    "liveTalk",
    "hold",
    "park",
    "transfer",
    "ivrPrompt",
    "voicemail",
    "vmGreeting",
    "setup",
    "forwarding",
  ],
  result: [
    "completed",
    "abandoned",
    "voicemail",
    "missed",
    "accepted",
    "unknown",
    "transferred",
    "pickedUp",
    "answeredElsewhere",
    "forwarded",
  ],
  actions: ["parkOn", "parkOff", "holdOn", "holdOff", "blindTransfer", "warmTransfer", "dtmfTransfer"],
  hours: ["businessHours", "afterHours"],
  queueSla: ["inSla", "outOfSla"],
  type: ["direct", "fromQueue", "parkRetrieval", "transferred", "outbound", "overflow", "queueCallPickup"],
  endingParty: ["caller", "callee", "system"],
} as const;

export type Breakdown = keyof typeof breakdowns;

export type Part<Of extends Breakdown> = (typeof breakdowns)[Of][number];
