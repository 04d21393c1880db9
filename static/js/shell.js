// What every page does. Each behaviour is a file of its own; a page works without all of them.
import "./search_key.js";
import "./submit_once.js";
import "./dismiss.js";
import "./menus.js";
import "./errors.js";
import "./idle.js";
import "./poll.js";
import "./digits.js";
import "./when.js";
import "./tabs.js";
