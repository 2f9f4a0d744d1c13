import type { CallOrLeg } from "../calls/call-record.ts";

/** Columns of caller and called party, the same in `calls` and `legs`. */
export function partyCells({ from, to, extension }: CallOrLeg) {
  return {
    from_number: from.phoneNumber,
    from_name: from.name,
    from_extension_id: from.extensionId,
    from_extension_number: from.extensionNumber,
    from_location: from.location,
    to_number: to.phoneNumber,
    to_name: to.name,
    to_extension_id: to.extensionId,
    to_extension_number: to.extensionNumber,
    to_location: to.location,
    extension_id: extension.id,
  };
}
