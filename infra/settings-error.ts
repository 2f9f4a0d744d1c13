/** What a person has to mend before anything can be synthesised; shown without a stack. */
export class SettingsError extends Error {
  override readonly name = "SettingsError";
}
