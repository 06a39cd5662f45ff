-- Found by `vim.lsp.config` of Neovim 0.11 and newer.
return require('rationale.config').get()
