"""People for property tests: few values, so that many of them agree."""

from hypothesis import strategies as st

from polyphony.domain.matching.features import Features

PEOPLE = st.builds(
    Features,
    given=st.sampled_from(["", "jan", "honza", "jana", "юлия", "julia", "petr", "novák"]),
    surname=st.sampled_from(["", "novák", "nováková", "новицкая", "nowicka", "jan", "malá-nová"]),
    patronymic=st.sampled_from(["", "", "петрович", "иванович"]),
    born=st.sampled_from(["", "1984-03-12", "1984-12-03", "1984-03-13", "1950-01-01"]),
    street=st.sampled_from(["", "dlouhá", "školní"]),
    houses=st.sampled_from([(), ("5",), ("1234", "5")]),
    postcode=st.sampled_from(["", "11000", "70030"]),
    phones=st.sampled_from([(), ("+420777123456",), ("+420777123456", "+420601000001")]),
    emails=st.sampled_from([(), ("jan@a.cz",), ("jan@b.cz", "eva@a.cz")]),
    numbers=st.sampled_from([(), (), ("pesel:1",), ("pesel:2",)]),
)
