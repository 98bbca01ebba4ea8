import { SettingsSection } from "../SettingsSection.tsx";

export const PeoplePage = () => <SettingsSection title="Not here yet">{null}</SettingsSection>;
