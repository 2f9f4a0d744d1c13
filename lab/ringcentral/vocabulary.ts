import type CallLogRecordLegInfo from "@rc-ex/core/definitions/CallLogRecordLegInfo";

/** RingCentral's own types, generated from its OpenAPI, so that an unknown or outdated word does not compile. */
type Documented = Required<CallLogRecordLegInfo>;
type Words<Member extends "action" | "result" | "reason" | "legType" | "internalType" | "delegationType"> = readonly [
  Documented[Member],
  ...Documented[Member][],
];

export const voiceActions = [
  ...["Accept Call", "Barge In Call", "Call Park", "Call Return", "CallOut-CallMe", "Calling Card"],
  ...["Conference Call", "E911 Update", "Emergency", "External Application", "FindMe", "FollowMe", "FreeSPDL"],
  ...["Hunting", "Monitoring", "Move", "Paging", "Park Location", "Phone Call", "Phone Login", "Pickup"],
  ...["RC Meetings", "Ring Directly", "RingMe", "RingOut Mobile", "RingOut PC", "RingOut Web", "Sip Forwarding"],
  ...["Support", "Text Relay", "Transfer", "Unknown", "VoIP Call", "VoiceChat Call"],
] as const satisfies Words<"action">;

export const faxActions = { inbound: "Incoming Fax", outbound: "Outgoing Fax" } as const;

/** Results of answered calls. */
export const answeredResults = { inbound: "Accepted", outbound: "Call connected" } as const;

export const unansweredResults = [
  ...["911", "933", "Abandoned", "Answered Elsewhere", "Answered Not Accepted", "Blocked", "Busy", "Call Failed"],
  ...["Call Failure", "Callback requested", "Carrier is not active", "Declined", "EDGE trunk misconfigured"],
  ...["Hang Up", "IP Phone Offline", "In Progress", "Internal Error", "International Disabled"],
  ...["International Restricted", "Missed", "No Answer", "No Calling Credit", "Not Allowed", "Phone Login"],
  ...["Rejected", "Reply", "Restricted Number", "Sent to Voicemail", "Stopped", "Suspended account", "Unknown"],
  ...["Voicemail", "Wrong Number"],
] as const satisfies Words<"result">;

// Guess: which of them stand beside which direction.
export const faxResults = {
  inbound: ["Fax Receipt Error", "Partial Receive", "Receive Error", "Received"],
  outbound: ["Fax Not Sent", "Fax Partially Sent", "Fax Poor Line", "Fax on Demand", "Send Error", "Sent"],
} as const satisfies Readonly<Record<string, Words<"result">>>;

export const answeredReasons = ["Accepted", "Connected"] as const satisfies Words<"reason">;

export const unansweredReasons = [
  ...["Bad Number", "Call Loop", "Calls Not Accepted", "Carrier is not active", "Customer 611 Restricted"],
  ...["EDGE trunk misconfigured", "Emergency Address not defined", "Failed Try Again", "Hang Up"],
  ...["Info 411 Restricted", "Internal Call Error", "Internal Error", "International Disabled"],
  ...["International Restricted", "Line Busy", "Max Call Limit", "No Answer", "No Credit", "No Digital Line"],
  ...["Not Answered", "Number Blocked", "Number Disabled", "Number Not Allowed", "Resource Error"],
  ...["Restricted Number", "Stopped", "Too Many Calls", "Unknown", "Wrong Number"],
] as const satisfies Words<"reason">;

export const faxReasons = [
  ...["Fax Not Received", "Fax Not Sent", "Fax Partially Sent", "Fax Poor Line", "Fax Prepare Error"],
  ...["Fax Save Error", "Fax Send Error", "Receive Error"],
] as const satisfies Words<"reason">;

/** Seen between two extensions in 2026, and unknown to the OpenAPI. */
export const undocumentedLegType = "SipToSip";

export const voiceLegTypes = [
  ...["SipForwarding", "ServiceMinus2", "ServiceMinus3", "PstnToSip", "Accept", "FindMe", "FollowMe", "TestCall"],
  ...["CallBack", "CallingCard", "RingDirectly", "RingOutWebToSubscriber", "RingOutWebToCaller"],
  ...["SipToPstnMetered", "RingOutClientToSubscriber", "RingOutClientToCaller", "RingMe", "TransferCall"],
  ...["SipToPstnUnmetered", "RingOutDeviceToSubscriber", "RingOutDeviceToCaller", "RingOutOneLegToCaller"],
  ...["ExtensionToExtension", "CallPark", "PagingServer", "Hunting", "OutgoingFreeSpDl", "ParkLocation"],
  ...["CallMeCallOut", "ConferenceCall", "MobileApp", "MoveToConference", "Unknown", "MeetingsCall"],
  ...["SilentMonitoring", "Monitoring", "Pickup", "ImsCall", "JoinCall", "TextRelay", "IvaCall", "VoiceChat"],
] as const satisfies Words<"legType">;

export const faxLegTypes = { inbound: "Accept", outbound: "FaxSent" } as const;

/** Without `Sip`, which occurs in calls within the company. */
export const outsideInternalTypes = [
  ...["Local", "LongDistance", "International", "RingMe", "RingOut", "Usual", "TollFreeNumber"],
  ...["VerificationNumber", "Vma", "LocalNumber", "ImsOutgoing", "ImsIncoming", "Unknown"],
] as const satisfies Words<"internalType">;

export const delegationTypes = ["Coworker", "QueueForwarding", "Unknown"] as const satisfies Words<"delegationType">;
