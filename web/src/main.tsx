import { render } from "preact";
import { App } from "./App";
import "./style.css";

const at = document.getElementById("app");
if (at) render(<App />, at);
