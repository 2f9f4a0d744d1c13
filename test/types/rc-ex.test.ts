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

/** What may be sent for a value that we read: any field may be missing, and a text may be a number. */
type Sent<T> = T extends string
  ? string | number
  : T extends readonly (infer Each)[]
    ? readonly Sent<Each>[]
    : T extends object
      ? { readonly [Name in keyof T]?: Sent<T[Name]> }
      : T;

type Ours = CallRecordFields;
type OurLeg = Ours["legs"][number];
type OurParty = Ours["from"];

// tsc judges these; a run of the tests only shows that they are there.
test("every record that RingCentral documents has the fields that we read, in the form in which we read them", () => {
  expectTypeOf<CallLogRecord>().toExtend<Sent<Ours>>();
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

test("a record in another form than the one in which we read it does not match", () => {
  expectTypeOf<Omit<CallLogRecord, "duration"> & { readonly duration?: string }>().not.toExtend<Sent<Ours>>();
});
