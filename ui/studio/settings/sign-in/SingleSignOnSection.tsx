import { SettingsSection } from "../SettingsSection.tsx";

export const SingleSignOnSection = () => <SettingsSection title="Single sign-on">{null}</SettingsSection>;
