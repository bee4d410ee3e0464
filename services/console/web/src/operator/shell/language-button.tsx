import { Button } from "antd";
import { useLanguage, useText } from "../../language/language-context.tsx";
import { operatorPhrases } from "../phrases.ts";

export function LanguageButton() {
  const { language, setLanguage } = useLanguage();
  const text = useText(operatorPhrases);
  return (
    <Button
      type="text"
      data-testid="language-switch"
      title={text("language.label")}
      onClick={() => setLanguage(language === "zh" ? "en" : "zh")}
    >
      {text("language.switch")}
    </Button>
  );
}
