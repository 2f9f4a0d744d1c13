import { idOf, memberOf, textOf } from "../lenient.ts";

/** Columns of caller and called party, the same in `calls` and `legs`. */
export function partyCells(callOrLeg: unknown) {
  const from = memberOf(callOrLeg, "from");
  const to = memberOf(callOrLeg, "to");
  return {
    from_number: idOf(memberOf(from, "phoneNumber")),
    from_name: textOf(memberOf(from, "name")),
    from_extension_id: idOf(memberOf(from, "extensionId")),
    from_extension_number: idOf(memberOf(from, "extensionNumber")),
    from_location: textOf(memberOf(from, "location")),
    to_number: idOf(memberOf(to, "phoneNumber")),
    to_name: textOf(memberOf(to, "name")),
    to_extension_id: idOf(memberOf(to, "extensionId")),
    to_extension_number: idOf(memberOf(to, "extensionNumber")),
    to_location: textOf(memberOf(to, "location")),
    extension_id: idOf(memberOf(memberOf(callOrLeg, "extension"), "id")),
  };
}
