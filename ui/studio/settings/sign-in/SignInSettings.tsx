import { SettingsSection } from "../SettingsSection.tsx";

export const SignInSettings = () => <SettingsSection title="Not here yet">{null}</SettingsSection>;
