import { StrictMode } from "react";
import { createRoot } from "react-dom/client";
import { LanguageProvider } from "../language/language-context.tsx";
import { OperatorApp } from "./operator-app.tsx";
import "./operator.css";

const root = document.getElementById("root");
if (root === null) throw new Error("index.html has no #root");
createRoot(root).render(
  <StrictMode>
    <LanguageProvider>
      <OperatorApp />
    </LanguageProvider>
  </StrictMode>,
);
