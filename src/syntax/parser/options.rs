//! Options: statements, and entries of lists in brackets.

use super::{Damaged, Parsed, Parser};
use crate::syntax::fault::Fault;
use crate::syntax::lexer::TokenKind;
use crate::syntax::tree::NodeKind;

impl Parser<'_> {
    /// `option name = value;`.
    pub(super) fn option(&mut self) -> Parsed {
        let start = self.at;
        self.keyword();
        self.option_rest(start)
    }

    /// What stands after `option`, in a statement that begins at `start`.
    pub(super) fn option_rest(&mut self, start: usize) -> Parsed {
        self.option_in(start)?;
        self.semicolon("the option")
    }

    /// The options in brackets, if there are any.
    pub(super) fn option_list(&mut self) -> Parsed {
        if !self.is(b'[') {
            return Ok(());
        }
        let node = self.open(NodeKind::OptionList);
        let read = self.option_list_in();
        self.close(node);
        read
    }

    fn option_list_in(&mut self) -> Parsed {
        let start = self.at;
        self.bump();
        loop {
            let entry = self.open(NodeKind::OptionEntry);
            let read = self.option_in(start);
            if read.is_err() {
                self.damage(entry);
            }
            self.close(entry);
            read?;
            if self.take(b']') {
                return Ok(());
            }
            if self.is(b'}') && !self.is_balanced && matches!(self.peek(1).kind, TokenKind::Punct(b']' | b',')) {
                self.stray_brace();
                if self.take(b']') {
                    return Ok(());
                }
            }
            if !self.is(b',') {
                return self.refuse("`,` or `]`");
            }
            let comma = self.token().span();
            self.bump();
            if self.is(b']') {
                let fault = Fault::syntax(comma, "expected an option after `,`");
                self.fault(fault.help("remove the `,`").replace(comma, ""));
                self.bump();
                return Ok(());
            }
        }
    }

    /// `name = value`, of a statement that begins at `start`.
    fn option_in(&mut self, start: usize) -> Parsed {
        let name = self.open(NodeKind::OptionName);
        let read = self.option_name();
        self.close(name);
        read?;
        if !self.take(b'=') {
            if self.is(b':') {
                let span = self.token().span();
                self.fault(Fault::syntax(span, "expected `=`, found `:`").help("write `=`").replace(span, " ="));
                self.bump();
            } else if matches!(self.token().kind, TokenKind::Punct(b';' | b']' | b',')) {
                let fault = self.expected("`=` and a value");
                self.fault(fault.help("write what the option is set to, for example `= true`"));
                return Err(Damaged);
            } else {
                return self.refuse("`=`");
            }
        }
        self.once_more(b'=');
        self.option_value(start)
    }

    fn option_name(&mut self) -> Parsed {
        loop {
            let node = self.open(NodeKind::OptionPart);
            let read = self.option_part();
            self.close(node);
            read?;
            if !self.take(b'.') {
                return Ok(());
            }
        }
    }

    /// A word, or the name of an extension in parentheses.
    fn option_part(&mut self) -> Parsed {
        if self.is_kind(TokenKind::Ident) {
            self.bump();
            return Ok(());
        }
        if !self.take(b'(') {
            return self.refuse("the name of an option");
        }
        self.take(b'.');
        self.dotted("the name of an extension")?;
        self.expect(b')')
    }
}
