import type CallLogFromParty from "@rc-ex/core/definitions/CallLogFromParty";
import type CallLogRecord from "@rc-ex/core/definitions/CallLogRecord";
import type CallLogRecordingInfo from "@rc-ex/core/definitions/CallLogRecordingInfo";
import type CallLogRecordLegInfo from "@rc-ex/core/definitions/CallLogRecordLegInfo";
import type CallLogResponse from "@rc-ex/core/definitions/CallLogResponse";
import type CallLogToParty from "@rc-ex/core/definitions/CallLogToParty";
import type CallRecordingSettingsResource from "@rc-ex/core/definitions/CallRecordingSettingsResource";
import type GetAccountInfoResponse from "@rc-ex/core/definitions/GetAccountInfoResponse";
import { expectTypeOf, test } from "vitest";
import type { CallRecordFields } from "../../shared/core/calls/call-record.ts";
import type { AccountInput, CallRecordingSettingsInput } from "../../shared/ringcentral/endpoints/account.ts";
import type { CallLogPageInput } from "../../shared/ringcentral/endpoints/call-log.ts";

/** RingCentral's own types mark every field as optional; this type has those that its API requires and we need. */
type Given<T, Required extends keyof T> = T & { readonly [Name in Required]-?: NonNullable<T[Name]> };
type Recording = Given<CallLogRecordingInfo, "id" | "contentUri">;
type Leg = Omit<CallLogRecordLegInfo, "recording"> & { readonly recording?: Recording };
type DocumentedRecord = Omit<Given<CallLogRecord, "id" | "startTime">, "recording" | "legs"> & {
  readonly recording?: Recording;
  readonly legs?: Leg[];
};

type Ours = CallRecordFields;
type OurLeg = NonNullable<Ours["legs"]>[number];
type OurParty = NonNullable<Ours["from"]>;

// tsc judges these; a run of the tests only shows that they are there.
test("every record that RingCentral documents has the fields that we read, in the form in which we read them", () => {
  expectTypeOf<DocumentedRecord>().toExtend<Ours>();
});

test("pages, accounts and recording settings as RingCentral documents them are accepted", () => {
  expectTypeOf<Given<CallLogResponse, "records">>().toExtend<CallLogPageInput>();
  expectTypeOf<Given<GetAccountInfoResponse, "id">>().toExtend<AccountInput>();
  expectTypeOf<CallRecordingSettingsResource>().toExtend<CallRecordingSettingsInput>();
});

test("we read no field that RingCentral does not document", () => {
  expectTypeOf<keyof Ours>().toExtend<keyof CallLogRecord>();
  expectTypeOf<Exclude<keyof OurLeg, "kept">>().toExtend<keyof CallLogRecordLegInfo>();
  expectTypeOf<keyof NonNullable<Ours["recording"]>>().toExtend<keyof CallLogRecordingInfo>();
  expectTypeOf<keyof OurParty>().toExtend<keyof CallLogFromParty & keyof CallLogToParty>();
});

test("ids and URLs are required: RingCentral's types without them do not match what we read", () => {
  expectTypeOf<Omit<DocumentedRecord, "id">>().not.toExtend<Ours>();
  expectTypeOf<CallLogRecordingInfo>().not.toExtend<NonNullable<Ours["recording"]>>();
});
