import { SettingsSection } from "../SettingsSection.tsx";

export const ModelsPage = () => <SettingsSection title="Not here yet">{null}</SettingsSection>;
