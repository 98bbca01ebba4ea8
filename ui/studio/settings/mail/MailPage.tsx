import { SettingsSection } from "../SettingsSection.tsx";

export const MailPage = () => <SettingsSection title="Not here yet">{null}</SettingsSection>;
