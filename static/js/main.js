// Every behaviour is a module of its own; pages work without any of them.
import "./times.js";
import "./vote.js";
import "./follow.js";
import "./bell.js";
import "./compose.js";
import "./toolbar.js";
import "./preview.js";
import "./reply.js";
import "./menu.js";
import "./sheet.js";
import "./side.js";
import "./search.js";
import "./more.js";
import "./keys.js";
import "./copy.js";
import "./offline.js";
import "./live.js";
