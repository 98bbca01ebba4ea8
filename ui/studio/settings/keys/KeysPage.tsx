import { SettingsSection } from "../SettingsSection.tsx";

export const KeysPage = () => <SettingsSection title="Not here yet">{null}</SettingsSection>;
