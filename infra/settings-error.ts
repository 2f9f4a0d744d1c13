/** An error in the settings, or in how the app was started. The app prints only its message, without a stack trace. */
export class SettingsError extends Error {
  override readonly name = "SettingsError";
}
