// Before words are shared they are checked here, on their author's device.
